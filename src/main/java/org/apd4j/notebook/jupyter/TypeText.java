package org.apd4j.notebook.jupyter;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The names of types in source code. They are qualified, so that imports cannot change their meaning. */
final class TypeText {

    /** A part of the names of JShell's own classes, and of those that it makes from anonymous classes. */
    private static final String WRAPPER = "$JShell$";

    private TypeText() {
    }

    /** Returns whether a type can be named in a declaration, which is not the case if it involves an anonymous class. */
    static boolean isNamed(Type type) {
        return !of(type).contains(WRAPPER);
    }

    /** Returns the name of a type. */
    static String of(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] given = generic.getActualTypeArguments();
            String arguments = given.length == 0 ? "" : Arrays.stream(given).map(TypeText::of).collect(Collectors.joining(", ", "<", ">"));
            Type owner = generic.getOwnerType();
            Class<?> raw = (Class<?>) generic.getRawType();
            return (owner instanceof ParameterizedType ? of(owner) + "." + raw.getSimpleName() : name(raw)) + arguments;
        } else if (type instanceof GenericArrayType array) {
            return of(array.getGenericComponentType()) + "[]";
        } else if (type instanceof WildcardType wildcard) {
            Type[] lower = wildcard.getLowerBounds();
            Type upper = wildcard.getUpperBounds()[0];
            return lower.length > 0 ? "? super " + of(lower[0]) : upper == Object.class ? "?" : "? extends " + of(upper);
        }
        return type instanceof Class<?> plain ? name(plain) : type.getTypeName();
    }

    /** Returns the name of a class; a class of a cell has its name in the cell, since it may be declared again. */
    private static String name(Class<?> type) {
        if (type.isArray()) {
            return name(type.getComponentType()) + "[]";
        }
        Class<?> outer = type.getEnclosingClass();
        if (outer == null || type.getSimpleName().startsWith(WRAPPER)) {
            return type.getCanonicalName();
        }
        return outer.getSimpleName().startsWith(WRAPPER) && outer.getEnclosingClass() == null ? type.getSimpleName()
                : name(outer) + "." + type.getSimpleName();
    }
}
