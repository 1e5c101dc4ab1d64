package dev.chaperone.postgres.wire;

/** The type bytes of protocol 3.0 (PostgreSQL 18 documentation, section 54.7). */
public final class Messages {
  private Messages() {}

  // From the client.
  public static final byte BIND = 'B';
  public static final byte CLOSE = 'C';
  public static final byte COPY_FAIL = 'f';
  public static final byte DESCRIBE = 'D';
  public static final byte EXECUTE = 'E';
  public static final byte FLUSH = 'H';
  public static final byte FUNCTION_CALL = 'F';
  public static final byte PARSE = 'P';
  public static final byte PASSWORD = 'p';
  public static final byte QUERY = 'Q';
  public static final byte SYNC = 'S';
  public static final byte TERMINATE = 'X';

  // From the server.
  public static final byte AUTHENTICATION = 'R';
  public static final byte BACKEND_KEY_DATA = 'K';
  public static final byte BIND_COMPLETE = '2';
  public static final byte CLOSE_COMPLETE = '3';
  public static final byte COMMAND_COMPLETE = 'C';
  public static final byte COPY_BOTH = 'W';
  public static final byte COPY_IN = 'G';
  public static final byte COPY_OUT = 'H';
  public static final byte DATA_ROW = 'D';
  public static final byte EMPTY_QUERY = 'I';
  public static final byte ERROR = 'E';
  public static final byte NEGOTIATE_VERSION = 'v';
  public static final byte NO_DATA = 'n';
  public static final byte NOTICE = 'N';
  public static final byte NOTIFICATION = 'A';
  public static final byte PARAMETER_DESCRIPTION = 't';
  public static final byte PARAMETER_STATUS = 'S';
  public static final byte PARSE_COMPLETE = '1';
  public static final byte PORTAL_SUSPENDED = 's';
  public static final byte READY_FOR_QUERY = 'Z';
  public static final byte ROW_DESCRIPTION = 'T';

  // From either side, in COPY.
  public static final byte COPY_DATA = 'd';
  public static final byte COPY_DONE = 'c';
}
