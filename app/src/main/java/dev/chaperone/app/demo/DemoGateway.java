package dev.chaperone.app.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/** The configuration of the demo's gateway: ordinary files, to look at and to change. */
final class DemoGateway {
  private DemoGateway() {}

  /** Writes {@code chaperone.yaml} and {@code policy.yaml}; returns the first. */
  static Path configure(DemoDirectory directory, DemoIssuer issuer, DemoDatabase database)
      throws IOException {
    directory.write("policy.yaml", POLICY);
    int web = freePort();
    return directory.write(
        "chaperone.yaml",
        """
        # Written by chaperone demo.
        data: ./data
        listen:
          web: 127.0.0.1:%d
          postgres: 127.0.0.1:%d
        address: https://localhost:%d
        identity:
          issuers:
            - name: demo
              issuer: %s
              kind: 'has(claims.act) ? "agent" : "person"'
        roles:
          auditors: {groups: [audit]}
        targets:
          - name: shop
            protocol: postgres
            address: localhost:%d
            database: shop
            tls: verify-full
            authority: %s
            credential: {user: %s, password: {file: ./password}}
            labels: {environment: demo}
        policy: ./policy.yaml
        """
            .formatted(
                web,
                freePort(),
                web,
                issuer.address(),
                database.port(),
                database.authority(),
                DemoDatabase.LOGIN));
  }

  /** A port that was free a moment ago. */
  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static final String POLICY =
      """
      # Written by chaperone demo. Try: chaperone policy check policy.yaml
      rules:
        - name: agents-read-the-shop
          when: identity.kind == "agent" && target.name == "shop" && command.effects.all(e, e in ["read", "session"])
          then: allow
        - name: destruction-needs-a-person
          when: command.effects.exists(e, e in ["delete", "schema", "privilege"])
          then: hold
          message: changes to the shop need a colleague
          reviewers: {groups: [dba]}
          wait: 2m
      masks:
        - name: email-addresses
          target: shop
          columns: [public.customers.email]
          with: redact
        - name: card-numbers
          target: shop
          columns: [public.customers.card]
          with: {keep: {last: 4}}
      """;
}
