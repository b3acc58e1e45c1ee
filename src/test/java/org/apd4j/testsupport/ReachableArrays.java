package org.apd4j.testsupport;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Counts the arrays of numbers that an object of this library holds on to, by following its fields. */
public final class ReachableArrays {

    private static final String OWN = "org.apd4j.";

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> open = new ArrayDeque<>();

    private ReachableArrays() {
    }

    /** Returns the bytes of the numbers in all arrays of primitive numbers that can be reached from an object, each array once. */
    public static long bytes(Object from) throws IllegalAccessException {
        ReachableArrays walk = new ReachableArrays();
        walk.meet(from);
        long bytes = 0;
        while (!walk.open.isEmpty()) {
            bytes += walk.follow(walk.open.pop());
        }
        return bytes;
    }

    private void meet(Object object) {
        if (object != null && !(object instanceof Class) && !(object instanceof Thread) && seen.add(object)) {
            open.push(object);
        }
    }

    private long follow(Object object) throws IllegalAccessException {
        Class<?> type = object.getClass();
        if (type.isArray()) {
            int length = Array.getLength(object);
            Class<?> part = type.getComponentType();
            if (part.isPrimitive()) {
                return (long) length * (part == long.class || part == double.class ? 8 : part == int.class || part == float.class ? 4 : 1);
            }
            for (int i = 0; i < length; i++) {
                meet(Array.get(object, i));
            }
        } else if (object instanceof Collection<?> all) {
            all.forEach(this::meet);
        } else if (object instanceof Map<?, ?> map) {
            map.keySet().forEach(this::meet);
            map.values().forEach(this::meet);
        } else if (object instanceof Optional<?> some) {
            some.ifPresent(this::meet);
        } else if (type.getName().startsWith(OWN)) {
            for (Class<?> of = type; of.getName().startsWith(OWN); of = of.getSuperclass()) {
                for (Field field : of.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                        field.setAccessible(true); // this library's own
                        meet(field.get(object));
                    }
                }
            }
        }
        return 0;
    }
}
