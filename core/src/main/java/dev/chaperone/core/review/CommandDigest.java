package dev.chaperone.core.review;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Parameter;
import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.session.Session;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 over exactly what will run, by whom and where, in the canonical form of
 * docs/formats/grant-digest.md. A grant counts for this digest and no other.
 *
 * @param hex lower-case hexadecimal
 */
public record CommandDigest(String hex) {
  private static final String LABEL = "chaperone/grant/v1";

  /** The digest of a command as it would run in this session. Pure. */
  public static CommandDigest of(Session session, Command command) {
    try {
      var bytes = new ByteArrayOutputStream();
      var out = new DataOutputStream(bytes);
      text(out, LABEL);
      var opening = session.opening();
      var target = opening.target();
      text(out, target.protocol());
      text(out, target.name());
      text(out, target.host() + ":" + target.port());
      text(out, opening.database());
      text(out, opening.login());
      identity(out, opening.identity());
      text(out, command.kind());
      text(out, command.text());
      out.writeInt(command.parameters().size());
      for (Parameter parameter : command.parameters()) {
        text(out, parameter.type());
        out.writeBoolean(parameter.binary());
        var raw = parameter.raw();
        bytes(out, raw == null ? null : raw.toArray());
      }
      out.writeInt(command.settings().size());
      for (var setting : command.settings().entrySet()) {
        text(out, setting.getKey());
        text(out, setting.getValue());
      }
      return new CommandDigest(HexFormat.of().formatHex(sha256(bytes.toByteArray())));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }

  private static void identity(DataOutputStream out, @Nullable Identity identity)
      throws IOException {
    if (identity == null) {
      out.writeBoolean(false);
      return;
    }
    out.writeBoolean(true);
    text(out, identity.issuer());
    text(out, identity.subject());
    identity(out, identity.onBehalfOf());
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    bytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void bytes(DataOutputStream out, byte @Nullable [] content) throws IOException {
    if (content == null) {
      out.writeInt(-1);
      return;
    }
    out.writeInt(content.length);
    out.write(content);
  }

  private static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
