package dev.chaperone.e2e.postgres;

/** A policy that has a bit of everything. */
final class PolicyForTests {
  static final String TEXT =
      """
      rules:
        - name: work
          when: command.effects.all(e, e in ["read", "write", "session", "lock"])
          then: allow
        - name: tests-may-delete-notes
          when: >-
            command.effects.all(e, e in ["read", "write", "delete"])
            && command.relations.all(r, r == "public.notes")
          then: allow
        - name: destruction-needs-a-person
          when: >-
            command.effects.exists(e, e in ["delete", "schema", "privilege", "unknown"])
            && !command.relations.all(r, r == "public.notes")
          then: hold
          message: changes to production need a colleague
          reviewers: {groups: [dba]}
          wait: 2m
        - name: brief
          when: command.text.contains("/*brief*/")
          then: hold
          reviewers: {groups: [dba]}
          wait: 1s
          expires: 2s
        - name: told-at-once
          when: command.text.contains("/*told-at-once*/")
          then: hold
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
      """;

  static final String[] SCHEMA = {
    "CREATE TABLE customers (id int PRIMARY KEY, name text, email text)",
    "INSERT INTO customers VALUES (1, 'Ada', 'ada@marker.example'),"
        + " (2, 'Grace', 'grace@marker.example')",
    "CREATE TABLE notes (id bigint PRIMARY KEY, text text)",
    "CREATE SCHEMA vault",
    "CREATE TABLE vault.keys (k text)",
    "GRANT USAGE ON SCHEMA vault TO app",
    "GRANT ALL ON ALL TABLES IN SCHEMA public, vault TO app",
    "GRANT CREATE ON SCHEMA public TO app",
  };

  private PolicyForTests() {}
}
