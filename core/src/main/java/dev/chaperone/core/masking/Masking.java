package dev.chaperone.core.masking;

import java.util.List;

/**
 * The masks that apply to one command's response. Which bytes they meet, the protocol tells by
 * resolving {@link ColumnName}s.
 */
public record Masking(List<Mask> masks) {
  /** Nothing is masked. */
  public static final Masking NONE = new Masking(List.of());

  public Masking {
    masks = List.copyOf(masks);
  }

  /** Whether nothing is masked. */
  public boolean isEmpty() {
    return masks.isEmpty();
  }

  /**
   * One mask of the policy.
   *
   * @param name the mask's name
   * @param columns what it covers
   * @param with how values are replaced
   */
  public record Mask(String name, List<ColumnName> columns, MaskWith with) {
    public Mask {
      columns = List.copyOf(columns);
    }
  }
}
