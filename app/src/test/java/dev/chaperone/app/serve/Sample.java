package dev.chaperone.app.serve;

import dev.chaperone.journal.JournalSettings;
import dev.chaperone.journal.SegmentedJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A small configuration that a gateway starts with, and what its journal says afterwards. */
final class Sample {
  private static final Pattern TYPE = Pattern.compile("^\\{\"v\":1,\"type\":\"([a-z.]+)\"");
  private static final String POLICY =
      """
      rules:
        - {name: everything, when: 'true', then: allow}
      """;

  private Sample() {}

  /** Writes {@code chaperone.yaml} and what it names; the API listens on any free port. */
  static Path write(Path folder, String issuer, String target) throws IOException {
    Files.writeString(folder.resolve("password"), "secret");
    Files.writeString(folder.resolve("policy.yaml"), POLICY);
    return Files.writeString(
        folder.resolve("chaperone.yaml"),
        """
        data: ./data
        listen: {web: '127.0.0.1:0', postgres: '127.0.0.1:0'}
        identity:
          issuers:
            - {name: corp, issuer: '%s', kind: person}
        roles: {administrators: {groups: [platform]}}
        targets:
          - name: %s
            protocol: postgres
            address: 127.0.0.1:1
            database: orders
            tls: off
            credential: {user: app, password: {file: ./password}}
        policy: ./policy.yaml
        """
            .formatted(issuer, target));
  }

  /** The types of the journal's entries in their order; nothing else has the journal open. */
  static List<String> types(Path folder) throws IOException {
    var journal = folder.resolve("data/journal");
    var types = new ArrayList<String>();
    var settings = JournalSettings.of(LogOrigin.of(journal, null));
    try (var opened = SegmentedJournal.open(journal, settings)) {
      var reader = opened.reader();
      reader.forEach(
          0,
          reader.size(),
          (position, entry) ->
              TYPE.matcher(entry.json()).results().forEach(found -> types.add(found.group(1))));
    }
    return types;
  }
}
