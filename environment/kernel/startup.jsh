import java.nio.file.*;
import java.time.*;
import java.util.function.*;
import java.util.stream.*;

import org.apd4j.*;
import org.apd4j.apd.*;
import org.apd4j.spd.*;
import org.apd4j.charts.*;
import org.apd4j.data.*;
import org.apd4j.decomposition.*;
import org.apd4j.experiments.*;
import org.apd4j.explore.*;
import org.apd4j.figures.*;
import org.apd4j.interaction.*;
import org.apd4j.language.*;
import org.apd4j.math.*;
import org.apd4j.measures.*;
import org.apd4j.measures.classification.*;
import org.apd4j.measures.gated.*;
import org.apd4j.measures.importance.*;
import org.apd4j.measures.residual.*;
import org.apd4j.measures.superposition.*;
import org.apd4j.network.*;
import org.apd4j.notebook.Exercise;
import org.apd4j.notebook.Help;
import org.apd4j.notebook.LiveFigure;
import org.apd4j.notebook.LiveTable;
import org.apd4j.notebook.ResultCard;
import org.apd4j.notebook.Resume;
import org.apd4j.notebook.RunStore;
import org.apd4j.sharedgate.*;
import org.apd4j.sweep.*;
import org.apd4j.tables.*;
import org.apd4j.targets.*;
import org.apd4j.training.*;

import org.knowm.xchart.*;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import tech.tablesaw.api.*;

org.apd4j.notebook.Notebook.start();

Help help(Object about) {
    return Help.of(about);
}

Board board(DecompositionSource decomposed) {
    return Board.of(decomposed);
}

Explorer explorer(DecompositionSource decomposed) {
    return Explorer.of(decomposed);
}
