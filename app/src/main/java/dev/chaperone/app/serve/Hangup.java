package dev.chaperone.app.serve;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * The signal SIGHUP. Java has no supported way to hear it but {@code sun.misc.Signal}, which javac
 * warns of by name, so it is reached by reflection here and nowhere else.
 */
public final class Hangup {
  private Hangup() {}

  /** Has {@code action} run, on a thread of the JVM's, whenever the process gets SIGHUP. */
  @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself alone
  public static void onSignal(Runnable action) {
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler handle =
          (proxy, method, arguments) -> {
            return switch (method.getName()) {
              case "handle" -> {
                action.run();
                yield null;
              }
              case "hashCode" -> System.identityHashCode(proxy);
              case "equals" -> proxy == arguments[0];
              case String other -> other;
            };
          };
      var proxy =
          Proxy.newProxyInstance(Hangup.class.getClassLoader(), new Class<?>[] {handler}, handle);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), proxy);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java does not hear SIGHUP", e);
    }
  }
}
