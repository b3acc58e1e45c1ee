package org.apd4j.notebook.jupyter;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Types as they are written in source code, by their full names: an import that makes a simple name ambiguous does not change what they mean. */
final class TypeText {

    /** What JShell's own classes, and the classes it makes of anonymous ones, are called. */
    private static final String WRAPPER = "$JShell$";

    private TypeText() {
    }

    /** Whether other declarations can name a type: they cannot where it is, or is made with, an anonymous class. */
    static boolean isNamed(Type type) {
        return !of(type).contains(WRAPPER);
    }

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

    /** A class of a cell has the name that it has in the cell: there it may be declared again. */
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
