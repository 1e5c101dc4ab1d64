package dev.chaperone.core.policy;

import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.common.values.StructValue;
import dev.cel.runtime.CelVariableResolver;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A typed structure that conditions may read: one declaration gives its CEL type, its values and
 * its documentation.
 *
 * @param typeName how CEL names the type
 * @param fields every field, in the order of the documentation
 * @param <T> what its values are taken from
 */
record Struct<T>(String typeName, List<Field<T>> fields) {
  /**
   * One field.
   *
   * @param name as conditions write it
   * @param type what it is checked against
   * @param meaning for the documentation
   * @param value takes its value, in the form that CEL computes with; never null
   */
  record Field<T>(String name, CelType type, String meaning, Function<T, Object> value) {}

  Struct {
    fields = List.copyOf(fields);
  }

  /** A reference to the type, for other declarations. */
  CelType reference() {
    return StructTypeReference.create(typeName);
  }

  /** The type itself. */
  StructType type() {
    ImmutableMap<String, CelType> types =
        fields.stream().collect(ImmutableMap.toImmutableMap(Field::name, Field::type));
    return StructType.create(
        typeName, types.keySet(), name -> Optional.ofNullable(types.get(name)));
  }

  /** A value. Its fields are computed when they are first read, by one thread. */
  View<T> view(T source) {
    return new View<>(this, source);
  }

  /** A value that CEL reads field by field, so that nothing is computed that no condition reads. */
  // CEL asks for immutable values. This one shows the same fields always; what it keeps of them is
  // seen by the one thread that decides.
  @SuppressWarnings("Immutable")
  static final class View<T> extends StructValue<String, Object> implements CelVariableResolver {
    private final Struct<T> struct;
    private final T source;
    private final @Nullable Object[] computed;

    View(Struct<T> struct, T source) {
      this.struct = struct;
      this.source = source;
      this.computed = new Object[struct.fields.size()];
    }

    @Override
    public Object select(String name) {
      return find(name)
          .orElseThrow(() -> new IllegalArgumentException("no field " + name + ": types were off"));
    }

    @Override
    public Optional<Object> find(String name) {
      var fields = struct.fields;
      for (int i = 0; i < fields.size(); i++) {
        if (fields.get(i).name().equals(name)) {
          return Optional.of(at(i));
        }
      }
      return Optional.empty();
    }

    private Object at(int index) {
      var value = computed[index];
      if (value == null) {
        value = struct.fields.get(index).value().apply(source);
        computed[index] = value;
      }
      return value;
    }

    @Override
    public Object value() {
      return this;
    }

    @Override
    public boolean isZeroValue() {
      return false;
    }

    @Override
    public CelType celType() {
      return struct.reference();
    }
  }
}
