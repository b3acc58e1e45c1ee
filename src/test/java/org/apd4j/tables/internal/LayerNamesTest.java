package org.apd4j.tables.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.Tms;
import org.junit.jupiter.api.Test;

class LayerNamesTest {

    @Test
    void theOnlyLayerHasNoNumber() {
        assertEquals(List.of("W_in", "W_out"), LayerNames.of(List.of(ResidualMlp.in(0), ResidualMlp.out(0))));
        assertEquals(List.of("encoder", "hidden matrix", "decoder"), LayerNames.of(List.of("encoder", Tms.hidden(0), "decoder")));
    }

    @Test
    void severalLayersAreCountedFromOne() {
        assertEquals(List.of("W_in of layer 1", "W_out of layer 1", "W_in of layer 2", "W_out of layer 2"),
                LayerNames.of(List.of(ResidualMlp.in(0), ResidualMlp.out(0), ResidualMlp.in(1), ResidualMlp.out(1))));
        assertEquals(List.of("W_in of layer 3"), LayerNames.of(List.of(ResidualMlp.in(2))), "a later layer is never the only one");
        assertEquals(List.of("hidden matrix 1", "hidden matrix 2"), LayerNames.of(List.of(Tms.hidden(0), Tms.hidden(1))));
    }

    @Test
    void namesOfOtherNetworksStay() {
        assertEquals(List.of("all layers", "classifier"), LayerNames.of(List.of("all layers", "classifier")));
    }
}
