package org.apd4j.tables.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apd4j.network.Network;
import org.apd4j.network.NetworkSummary;
import org.apd4j.network.Parameter;
import org.apd4j.tables.NumberTable;
import tech.tablesaw.api.Table;

/**
 * A network's description as a table.
 *
 * <pre>{@code
 * NetworkTable.of(target.trained().network())
 * }</pre>
 */
public final class NetworkTable {

    private NetworkTable() {
    }

    /** Returns a row for every node: what it computes, its width, and the parameters that it uses with their shapes, numbers of values and roles. */
    public static Table of(Network network) {
        Map<String, Integer> widths = NetworkSummary.widths(network);
        List<String> nodes = new ArrayList<>();
        List<String> formulas = new ArrayList<>();
        List<String> parameters = new ArrayList<>();
        List<String> roles = new ArrayList<>();
        int[] width = new int[network.nodes().size()];
        int[] values = new int[width.length];
        for (int i = 0; i < width.length; i++) {
            Network.Node node = network.nodes().get(i);
            List<Parameter> used = node.uses().stream().map(network::parameter).toList();
            nodes.add(node.name());
            formulas.add(NetworkSummary.formula(node));
            width[i] = Objects.requireNonNull(widths.get(node.name()), node.name());
            parameters.add(String.join(", ", used.stream().map(parameter -> parameter.name() + " " + parameter.values()).toList()));
            values[i] = used.stream().mapToInt(parameter -> parameter.values().size()).sum();
            roles.add(String.join(", ", used.stream().map(parameter -> parameter.role().name().toLowerCase(Locale.ROOT)).distinct().toList()));
        }
        return NumberTable.named(NetworkSummary.title(network)).texts("node", nodes).texts("computes", formulas).integers("width", width)
                .texts("parameters", parameters).integers("values", values).texts("role", roles).build();
    }
}
