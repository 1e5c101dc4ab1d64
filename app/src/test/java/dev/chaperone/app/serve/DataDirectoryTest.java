package dev.chaperone.app.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir Path folder;

  @Test
  void itAndWhatIsInItAreTheOwnersAlone() throws Exception {
    try (var data = DataDirectory.open(folder.resolve("a/data"))) {
      assertThat(mode(data.path())).isEqualTo("rwx------");
      assertThat(mode(data.folder("tls"))).isEqualTo("rwx------");
    }
  }

  @Test
  void oneAtATimeHoldsIt() throws Exception {
    var path = folder.resolve("data");
    try (var first = DataDirectory.open(path)) {
      assertThatThrownBy(() -> DataDirectory.open(first.path()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in use");
    }
    DataDirectory.open(path).close();
  }

  @Test
  void oneThatOthersCanEnterIsRefusedWithWhatToDo() throws Exception {
    var path =
        Files.createDirectory(
            folder.resolve("open"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
    assertThatThrownBy(() -> DataDirectory.open(path))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("chmod 700");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
