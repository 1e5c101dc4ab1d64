package dev.chaperone.app.config;

import dev.chaperone.core.target.Secret;
import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.core.yaml.Place;
import dev.chaperone.core.yaml.YamlMap;
import dev.chaperone.core.yaml.YamlText;
import dev.chaperone.core.yaml.YamlValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The files and environment variables that a configuration names. Paths are relative to it. */
final class NamedFiles {
  private static final int MAX_SECRET_BYTES = 64 << 10;
  private static final int MAX_FILE_BYTES = 4 << 20;

  private final Path directory;
  private final UnaryOperator<@Nullable String> environment;

  NamedFiles(Path directory, UnaryOperator<@Nullable String> environment) {
    this.directory = directory;
    this.environment = environment;
  }

  /** The path that a text means; nothing is looked up. */
  Path path(YamlText text) throws ConfigurationException {
    try {
      return directory.resolve(text.text()).normalize();
    } catch (InvalidPathException e) {
      throw text.wrong("expected a path");
    }
  }

  /** The path of a file that must be there and readable. */
  Path existing(YamlText text) throws ConfigurationException {
    var path = path(text);
    if (!Files.isRegularFile(path)) {
      throw new ConfigurationException(text.place(), "there is no file " + path);
    }
    if (!Files.isReadable(path)) {
      throw new ConfigurationException(text.place(), "the file " + path + " cannot be read");
    }
    return path;
  }

  /** The content of a text file that must be there. */
  String content(YamlText text) throws ConfigurationException {
    return read(existing(text), text.place());
  }

  /** The content of a UTF-8 file of bounded size; errors stand at {@code place}. */
  static String read(Path file, Place place) throws ConfigurationException {
    try {
      return bounded(file, MAX_FILE_BYTES);
    } catch (CharacterCodingException e) {
      throw new ConfigurationException(place, file + " is not UTF-8");
    } catch (IOException e) {
      throw new ConfigurationException(place, file + " cannot be read: " + reason(e));
    }
  }

  /**
   * A secret that {@code {env: NAME}} or {@code {file: PATH}} refers to. It must be there when the
   * configuration is loaded, and is read again whenever it is needed.
   */
  Secret secret(YamlValue value) throws ConfigurationException {
    if (!(value instanceof YamlMap map)) {
      // The value itself may be the secret, so it is not repeated.
      throw new ConfigurationException(
          value.place(), "a secret is a reference, {env: NAME} or {file: PATH}, never the value");
    }
    map.notYet("azureKeyVault", "managedIdentity");
    map.only("env", "file");
    if (map.entries().size() != 1) {
      throw new ConfigurationException(
          map.place(), "expected exactly one of {env: NAME} and {file: PATH}");
    }
    return map.has("env") ? variable(map.text("env")) : file(map.text("file"));
  }

  private Secret variable(YamlText text) throws ConfigurationException {
    var name = text.text();
    var secret = new Secret(() -> present(environment.apply(name), name));
    if (isEmpty(environment.apply(name))) {
      throw new ConfigurationException(
          text.place(), "the environment variable " + name + " is not set");
    }
    return secret;
  }

  private static String present(@Nullable String value, String name) {
    if (value == null || value.isEmpty()) {
      throw new IllegalStateException("the environment variable " + name + " is not set");
    }
    return value;
  }

  private static boolean isEmpty(@Nullable String value) {
    return value == null || value.isEmpty();
  }

  private Secret file(YamlText text) throws ConfigurationException {
    var path = existing(text);
    var secret = new Secret(() -> line(path));
    try {
      secret.reveal();
    } catch (IllegalStateException e) {
      throw new ConfigurationException(text.place(), String.valueOf(e.getMessage()));
    }
    return secret;
  }

  /** A secret's file without the line break at its end, which editors add. */
  private static String line(Path path) {
    String content;
    try {
      content = bounded(path, MAX_SECRET_BYTES);
    } catch (IOException e) {
      throw new IllegalStateException("the secret " + path + " cannot be read: " + reason(e), e);
    }
    var line = content.replaceFirst("\\r?\\n\\z", "");
    if (line.isEmpty()) {
      throw new IllegalStateException("the secret " + path + " is empty");
    }
    return line;
  }

  private static String bounded(Path file, int maxBytes) throws IOException {
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new IOException("larger than " + maxBytes + " bytes");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.NoSuchFileException _ -> "it does not exist";
      case java.nio.file.AccessDeniedException _ -> "permission denied";
      case CharacterCodingException _ -> "it is not UTF-8";
      default -> String.valueOf(e.getMessage());
    };
  }
}
