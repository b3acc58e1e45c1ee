package org.apd4j.decomposition.internal;

/**
 * The checks of a method's settings, with one form of message.
 *
 * @param type the name of the settings' class, for messages
 */
public record SettingCheck(String type) {

    /** @throws IllegalArgumentException if the condition does not hold; the message names the setting, its value and its range */
    public void require(boolean holds, String field, Object value, String range) {
        if (!holds) {
            throw new IllegalArgumentException(type + "." + field + " is " + value + "; it must be " + range);
        }
    }

    /** @throws IllegalArgumentException if the value is not finite and at least 0 */
    public void requireCoefficient(double value, String field) {
        require(value >= 0 && value < Double.POSITIVE_INFINITY, field, value, "a finite number of at least 0");
    }

    /** @throws IllegalArgumentException if the value is not finite and above 0 */
    public void requireAboveZero(double value, String field) {
        require(value > 0 && value < Double.POSITIVE_INFINITY, field, value, "a finite number above 0");
    }
}
