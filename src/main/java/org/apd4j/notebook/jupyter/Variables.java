package org.apd4j.notebook.jupyter;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The variables of a notebook, as they are: static fields of the classes that JShell compiles their declarations to. Where JShell compiles a
 * declaration again, since something above it has changed, there is another class, and its field takes over the value.
 */
final class Variables {

    private static final String OTHERWISE = "JShell declares its variables in another way";

    private final Map<String, Field> fields = new HashMap<>();
    private final Set<String> lost = new HashSet<>();

    /** Says that an evaluation begins. */
    void begin() {
        lost.clear();
    }

    /** Gives a variable the value that a field has before it is assigned. */
    void clear(String name) {
        Field field = fields.get(name);
        if (field != null) {
            set(field, Array.get(Array.newInstance(field.getType(), 1), 0));
        }
    }

    /** Takes the variables of a class that JShell has had loaded. */
    void add(Class<?> wrapper) {
        for (Field field : wrapper.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && Modifier.isPublic(field.getModifiers()) && !field.isSynthetic()) {
                field.setAccessible(true);
                Field before = fields.put(field.getName(), field);
                if (before != null) {
                    takeOver(before, field);
                }
            }
        }
    }

    private void takeOver(Field before, Field now) {
        try {
            Object value = before.get(null);
            if (value != null) {
                set(now, value);
            }
        } catch (IllegalArgumentException e) {
            lost.add(now.getName()); // a value of a type that is no more
        } catch (IllegalAccessException | LinkageError e) {
            throw new IllegalStateException(OTHERWISE, e);
        }
    }

    private static void set(Field field, Object value) {
        try {
            field.set(null, value);
        } catch (IllegalAccessException | LinkageError e) {
            throw new IllegalStateException(OTHERWISE, e);
        }
    }

    /** The declared type of a variable; empty if there is none of that name. */
    Optional<Type> type(String name) {
        return Optional.ofNullable(fields.get(name)).map(Field::getGenericType);
    }

    /** The variables whose values could not be taken over since {@link #begin}. */
    Set<String> lost() {
        return lost;
    }
}
