package dev.chaperone.sql;

/** What a statement does, not how it is spelled. A statement has at least one. */
public enum Effect {
  /** Returns data, or reads a relation. */
  READ,
  /** Adds or changes data, or sends a notification. */
  WRITE,
  /** Takes data away: DELETE, TRUNCATE, DROP. */
  DELETE,
  /** Changes structure: CREATE, ALTER, COMMENT, VACUUM, REINDEX. */
  SCHEMA,
  /** Changes who may do what: roles, grants, owners, security settings, impersonation. */
  PRIVILEGE,
  /** Runs or installs code or programs, or touches the server's files. */
  EXECUTE,
  /** Reads or mints credentials. */
  SECRET,
  /** Stays within the session: transaction control, harmless settings, LISTEN, SHOW. */
  SESSION,
  /** Takes a lock that others wait for. */
  LOCK,
  /** Connects the server to somewhere else. */
  TUNNEL,
  /** Cannot be told from the text. Never to be allowed by default. */
  UNKNOWN
}
