package dev.chaperone.postgres.session;

import java.util.List;

/**
 * The types of a statement's parameters: as the client gave them, and where it left them open, as
 * the server has inferred and told them. They say how bound values are shown, never what runs. The
 * response pump adds what the server tells; any thread may ask.
 */
final class ParameterTypes {
  /** A statement without parameters, or one whose parameters nobody has told. */
  static final ParameterTypes NONE = new ParameterTypes(List.of());

  private final List<Integer> given;
  private volatile List<Integer> told = List.of();

  /**
   * @param given OIDs; 0 where the client left them open
   */
  ParameterTypes(List<Integer> given) {
    this.given = List.copyOf(given);
  }

  /** The server has described the statement. */
  void told(List<Integer> types) {
    if (this != NONE) {
      told = List.copyOf(types);
    }
  }

  /** The OID of a parameter, counted from 0, unsigned; 0 while nobody has told it. */
  long oid(int parameter) {
    int type = parameter < given.size() ? given.get(parameter) : 0;
    if (type == 0 && parameter < told.size()) {
      type = told.get(parameter);
    }
    return Integer.toUnsignedLong(type);
  }
}
