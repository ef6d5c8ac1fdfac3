package io.tidemark.kafka.client;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes a small class stand in for a large interface: a call goes to the method of the same name and parameters, and one that the class
 * lacks fails with its name.
 */
public final class StandIn {
    private record Key(Class<?> type, Method method) {}

    private static final Map<Key, Method> FOUND = new ConcurrentHashMap<>();

    private StandIn() {}

    /** An interface over an object of a public class. */
    public static <T> T as(Class<T> type, Object target) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            Method own = FOUND.computeIfAbsent(new Key(target.getClass(), method), StandIn::find);
            if (own.equals(method)) return InvocationHandler.invokeDefault(proxy, method, arguments);
            try {
                return own.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Method find(Key key) {
        try {
            return key.type.getMethod(key.method.getName(), key.method.getParameterTypes());
        } catch (NoSuchMethodException e) {
            if (key.method.isDefault()) return key.method;
            throw new UnsupportedOperationException(key.type.getSimpleName() + " lacks " + key.method, e);
        }
    }
}
