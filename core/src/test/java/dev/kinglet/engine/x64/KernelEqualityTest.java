package dev.kinglet.engine.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.kinglet.graph.Op;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels share their code when they are equal, so none of their components may be forgotten. */
class KernelEqualityTest {

  @ParameterizedTest
  @ValueSource(
      classes = {
        ProductKernel.class,
        ChannelKernel.class,
        MoveKernel.class,
        EachKernel.class,
        WindowKernel.class,
        AcrossKernel.class,
        CrossKernel.class,
        Pairing.class,
        WinogradInput.class,
        WinogradOutput.class,
        Epilogue.class,
        ProductKernel.Tables.class,
        Op.Activation.class
      })
  void kernelsThatDifferInAnyComponentAreNotEqual(Class<? extends Record> type) throws Exception {
    RecordComponent[] components = type.getRecordComponents();
    Object[] some = new Object[components.length];
    for (int i = 0; i < some.length; i++) {
      some[i] = value(components[i].getType(), 0);
    }
    Object first = make(type, components, some);
    assertEquals(first, make(type, components, some.clone()));
    assertEquals(first.hashCode(), make(type, components, some.clone()).hashCode());
    for (int i = 0; i < some.length; i++) {
      Object[] others = some.clone();
      others[i] = value(components[i].getType(), 1);
      Object other = make(type, components, others);
      assertNotEquals(first, other, components[i].getName());
      assertNotEquals(other, first, components[i].getName());
    }
  }

  private static Object make(
      Class<? extends Record> type, RecordComponent[] components, Object[] values)
      throws ReflectiveOperationException {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    var constructor = type.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor.newInstance(values);
  }

  /** One of two values of a type. */
  private static Object value(Class<?> type, int which) throws ReflectiveOperationException {
    if (type == int.class) {
      return 3 + which;
    } else if (type == float.class) {
      return 0.5f + which;
    } else if (type == boolean.class) {
      return which == 1;
    } else if (type == int[].class) {
      return new int[] {1, 2 + which};
    } else if (type.isEnum()) {
      return type.getEnumConstants()[which];
    }
    Class<? extends Record> inner = type.asSubclass(Record.class);
    RecordComponent[] components = inner.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(components[i].getType(), i == 0 ? which : 0);
    }
    return make(inner, components, values);
  }
}
