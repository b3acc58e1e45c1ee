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
import org.jspecify.annotations.Nullable;

/**
 * The variables of a notebook, which are static fields of the classes that JShell wraps their declarations in. When JShell compiles a declaration
 * again, because something that it depends on has changed, the field of the new class takes over the value.
 */
final class Variables {

    private static final String UNKNOWN_SHELL = "this version of JShell does not declare variables as public static fields";

    private final Map<String, Field> fields = new HashMap<>();
    private final Set<String> lost = new HashSet<>();

    /** Begins an evaluation. */
    void begin() {
        lost.clear();
    }

    /** Sets a variable to the default value of its type. */
    void clear(String name) {
        @Nullable Field field = fields.get(name);
        if (field != null) {
            set(field, Array.get(Array.newInstance(field.getType(), 1), 0));
        }
    }

    /** Adds the variables of a class that JShell has loaded. */
    void add(Class<?> wrapper) {
        for (Field field : wrapper.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && Modifier.isPublic(field.getModifiers()) && !field.isSynthetic()) {
                field.setAccessible(true);
                @Nullable Field before = fields.put(field.getName(), field);
                if (before != null) {
                    takeOver(before, field);
                }
            }
        }
    }

    private void takeOver(Field before, Field now) {
        try {
            @Nullable Object value = before.get(null);
            if (value != null) {
                set(now, value);
            }
        } catch (IllegalArgumentException e) {
            lost.add(now.getName()); // its class has been replaced
        } catch (IllegalAccessException | LinkageError e) {
            throw new IllegalStateException(UNKNOWN_SHELL, e);
        }
    }

    private static void set(Field field, @Nullable Object value) {
        try {
            field.set(null, value);
        } catch (IllegalAccessException | LinkageError e) {
            throw new IllegalStateException(UNKNOWN_SHELL, e);
        }
    }

    /** Returns the declared type of a variable, or an empty Optional if there is none of that name. */
    Optional<Type> type(String name) {
        return Optional.ofNullable(fields.get(name)).map(Field::getGenericType);
    }

    /** Returns the variables whose values could not be taken over since {@link #begin}. */
    Set<String> lost() {
        return lost;
    }
}
