package dev.chaperone.e2e.postgres;

/**
 * A policy under which applications and their migrations work as they do without a gateway, but for
 * what is held, refused and masked.
 */
final class PolicyForClients {
  static final String TEXT =
      """
      rules:
        - name: applications
          when: >-
            command.effects.all(e, e in ["read", "write", "delete", "schema", "session", "lock"])
          then: allow
        - name: customers-leave-by-a-person
          when: >-
            "delete" in command.effects && command.relations.exists(r, r == "public.customers")
          then: hold
          reviewers: {groups: [dba]}
          wait: 1m
        - name: told-at-once
          when: >-
            "delete" in command.effects && command.relations.exists(r, r == "public.kept")
          then: hold
          message: ask a colleague
          reviewers: {groups: [dba]}
          wait: 0s
        - name: never-secrets
          when: command.relations.exists(r, r.startsWith("vault."))
          then: deny
          message: vault tables are not reachable through the gateway
      masks:
        - name: personal-data
          target: orders
          columns: [public.customers.email]
          with: redact
          unless: intent.text == "bulk work"
      """;

  static final String[] SCHEMA = {
    "CREATE TABLE customers (id int PRIMARY KEY, name text, email text)",
    "INSERT INTO customers VALUES (1, 'Ada', 'ada@marker.example'),"
        + " (2, 'Grace', 'grace@marker.example')",
    "CREATE TABLE kept (id int PRIMARY KEY)",
    "CREATE SCHEMA vault",
    "CREATE TABLE vault.keys (k text)",
    "GRANT USAGE ON SCHEMA vault TO app",
    "GRANT ALL ON ALL TABLES IN SCHEMA public, vault TO app",
    "GRANT CREATE ON SCHEMA public TO app",
  };

  private PolicyForClients() {}
}
