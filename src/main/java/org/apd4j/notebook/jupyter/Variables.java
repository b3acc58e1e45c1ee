package org.apd4j.notebook.jupyter;

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

    private final Map<String, Field> fields = new HashMap<>();
    private final Set<String> lost = new HashSet<>();
    private final Set<String> fresh = new HashSet<>();

    /** Says that a variable is declared without a value, and begins with none. */
    void beginAnew(Set<String> names) {
        fresh.clear();
        fresh.addAll(names);
        lost.clear();
    }

    /** Takes the variables of a class that JShell has had loaded. */
    void add(Class<?> wrapper) {
        for (Field field : wrapper.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && Modifier.isPublic(field.getModifiers()) && !field.isSynthetic()) {
                field.setAccessible(true);
                Field before = fields.put(field.getName(), field);
                if (before != null && !fresh.contains(field.getName())) {
                    takeOver(before, field);
                }
            }
        }
    }

    private void takeOver(Field before, Field now) {
        try {
            Object value = before.get(null);
            if (value != null) {
                now.set(null, value);
            }
        } catch (IllegalArgumentException e) {
            lost.add(now.getName()); // a value of a type that is no more
        } catch (IllegalAccessException | LinkageError e) {
            throw new IllegalStateException("JShell declares its variables in another way", e);
        }
    }

    /** The declared type of a variable; empty if there is none of that name. */
    Optional<Type> type(String name) {
        return Optional.ofNullable(fields.get(name)).map(Field::getGenericType);
    }

    /** The variables whose values could not be taken over since {@link #beginAnew}. */
    Set<String> lost() {
        return lost;
    }
}
