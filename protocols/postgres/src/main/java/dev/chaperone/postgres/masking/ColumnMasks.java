package dev.chaperone.postgres.masking;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Effect;
import dev.chaperone.core.masking.MaskWith;
import dev.chaperone.core.masking.Masking;
import dev.chaperone.postgres.catalogue.Catalogue;
import dev.chaperone.postgres.catalogue.ColumnId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The masks of a verdict, resolved against one database. Immutable; make it once for a masking and
 * a catalogue.
 *
 * <p>A value is masked by the column that it comes from. Of a value that was computed nothing is
 * known: it is masked when the command reaches any masked relation, or reaches what is not known.
 * Of a command that writes, every column counts as computed. What is masked by several masks is
 * masked by the one that hides most.
 */
public final class ColumnMasks {
  private final Catalogue catalogue;
  private final MaskedColumns masked;
  private final Map<String, MaskWith> maskedRelations;
  private final KeyedHash hash;

  private ColumnMasks(Catalogue catalogue, MaskedColumns masked, KeyedHash hash) {
    this.catalogue = catalogue;
    this.masked = masked;
    this.maskedRelations = Map.copyOf(masked.byRelationName());
    this.hash = hash;
  }

  /**
   * Resolves the masks. A mask whose relation does not exist here covers nothing; one whose column
   * does not exist in its relation covers the whole relation, since it may have been renamed.
   *
   * @param hashKey the key of {@code hash} masks, at least 32 bytes; copied
   */
  public static ColumnMasks of(Masking masking, Catalogue catalogue, byte[] hashKey) {
    return new ColumnMasks(
        catalogue, new MaskedColumns(masking, catalogue), new KeyedHash(hashKey));
  }

  /** Whether no result of any command is masked. */
  public boolean isEmpty() {
    return !masked.any();
  }

  /** For each column of a result its mask, or empty when it is shown as it is. */
  public List<Optional<ValueMask>> of(Command command, List<ResultColumn> columns) {
    var masks = new ArrayList<Optional<ValueMask>>(columns.size());
    for (ResultColumn column : columns) {
      masks.add(
          with(command, column)
              .map(with ->
                  new TypedMask(
                      with, ValueFamily.of(column.type(), catalogue), column.type(), hash)));
    }
    return masks;
  }

  /**
   * Whether texts of errors and notices, details and hints included, may carry masked values and
   * must be withheld.
   */
  public boolean errorsMayCarryValues(Command command) {
    return masked.any()
        && (command.effects().contains(Effect.UNKNOWN) || ofComputed(command).isPresent());
  }

  private Optional<MaskWith> with(Command command, ResultColumn column) {
    if (!masked.any()) {
      return Optional.empty();
    }
    if (column.table() == 0) {
      return ofComputed(command);
    }
    var relation = catalogue.relation(column.table());
    if (relation.isEmpty()) {
      return masked.strictestOfAll();
    }
    if (column.number() < 0) {
      return Optional.empty();
    }
    if (column.number() > 0 && relation.get().column(column.number()).isEmpty()) {
      return masked.strictestOfAll();
    }
    var own = masked.maskOf(new ColumnId(column.table(), column.number()));
    // RETURNING shows what was just written, and that may come from a masked column.
    return own.isEmpty() && command.effects().contains(Effect.WRITE) ? ofComputed(command) : own;
  }

  private Optional<MaskWith> ofComputed(Command command) {
    if (!(command instanceof Command.Statement statement) || statement.reachesUnknown()) {
      return masked.strictestOfAll();
    }
    if (statement.functions().stream().anyMatch(ValueSources::isFunction)) {
      return masked.strictestOfAll();
    }
    var behind = new ArrayList<MaskWith>();
    for (String relation : statement.relations()) {
      var with = maskedRelations.get(relation);
      if (with != null) {
        behind.add(with);
      }
    }
    return behind.isEmpty() ? Optional.empty() : Optional.of(MaskWith.strictest(behind));
  }
}
