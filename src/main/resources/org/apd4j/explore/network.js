// Runs a network in the page, node by node, in double precision. Rows are samples; a matrix is { rows, columns, data }.

function matrix(rows, columns, data = new Float64Array(rows * columns)) {
  return { rows, columns, data };
}

/** Returns the matrix of a payload { rows, columns, values }. */
function matrixOf(stored) {
  return matrix(stored.rows, stored.columns, floats(stored.values));
}

/** Returns x \u00b7 W, or x \u00b7 W\u1d40. */
function product(x, w, transposed = false) {
  const y = matrix(x.rows, transposed ? w.rows : w.columns);
  for (let r = 0; r < x.rows; r++) {
    for (let i = 0; i < x.columns; i++) {
      const value = x.data[r * x.columns + i];
      if (value !== 0) {
        for (let o = 0; o < y.columns; o++) {
          y.data[r * y.columns + o] += value * (transposed ? w.data[o * w.columns + i] : w.data[i * w.columns + o]);
        }
      }
    }
  }
  return y;
}

/** Returns \u03a3 of matrices of the same shape, those of which keep(index) is true. */
function sumOf(matrices, keep = () => true) {
  const sum = matrix(matrices[0].rows, matrices[0].columns);
  matrices.forEach((own, index) => {
    if (keep(index)) {
      for (let i = 0; i < sum.data.length; i++) {
        sum.data[i] += own.data[i];
      }
    }
  });
  return sum;
}

function mapped(x, f) {
  return matrix(x.rows, x.columns, x.data.map(f));
}

const ACTIVATIONS = {
  relu: x => Math.max(0, x),
  gelu: x => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  tanh: Math.tanh,
  sigmoid: x => 1 / (1 + Math.exp(-x)),
  identity: x => x
};

/** The error function by the series e^(\u2212x\u00b2) \u00b7 2/\u221a\u03c0 \u00b7 \u03a3 2\u207f x^(2n+1) / (1\u00b73\u00b7\u2026\u00b7(2n+1)), all of whose terms have one sign. */
function erf(x) {
  if (Math.abs(x) > 6) {
    return Math.sign(x);
  }
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
}

/** Returns gain \u00b7 (x \u2212 mean) / \u221a(variance + epsilon) + bias, row by row. */
function layerNorm(x, gain, bias, epsilon) {
  const y = matrix(x.rows, x.columns);
  for (let r = 0; r < x.rows; r++) {
    const row = x.data.subarray(r * x.columns, (r + 1) * x.columns);
    const mean = row.reduce((sum, value) => sum + value, 0) / x.columns;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.columns;
    row.forEach((value, i) => {
      y.data[r * x.columns + i] = gain.data[i] * (value - mean) / Math.sqrt(variance + epsilon) + bias.data[i];
    });
  }
  return y;
}

const NODES = {
  input: (node, x) => x,
  linear: (node, x, values, weights) => product(values[node.from], weights[node.parameter], node.transposed),
  bias: (node, x, values, weights) => {
    const b = weights[node.parameter];
    return mapped(values[node.from], (value, i) => value + b.data[i % b.columns]);
  },
  activate: (node, x, values) => mapped(values[node.from], ACTIVATIONS[node.activation]),
  sum: (node, x, values) => mapped(values[node.left], (value, i) => value + values[node.right].data[i]),
  normalise: (node, x, values, weights) => layerNorm(values[node.from], weights[node.gain], weights[node.bias], node.epsilon),
  softmax: (node, x, values) => values[node.from]
};

/** Returns the network's output on x; that of a classifier is its logits. */
function forward(nodes, weights, x) {
  const values = {};
  for (const node of nodes) {
    values[node.name] = NODES[node.op](node, x, values, weights);
  }
  return values[nodes[nodes.length - 1].name];
}

/** Returns the softmax of every row. */
function softmax(logits) {
  const y = matrix(logits.rows, logits.columns);
  for (let r = 0; r < y.rows; r++) {
    const row = logits.data.subarray(r * y.columns, (r + 1) * y.columns);
    const largest = Math.max(...row);
    const sum = row.reduce((all, value) => all + Math.exp(value - largest), 0);
    row.forEach((value, o) => { y.data[r * y.columns + o] = Math.exp(value - largest) / sum; });
  }
  return y;
}

/** Returns the mean of (a \u2212 b)\u00b2 over all entries. */
function meanSquaredError(a, b) {
  return a.data.reduce((sum, value, i) => sum + (value - b.data[i]) ** 2, 0) / a.data.length;
}

/** Returns the mean over rows of \u03a3 p (log p \u2212 log q), p and q the distributions of the logits. */
function divergence(target, logits) {
  const p = softmax(target);
  const q = softmax(logits);
  return p.data.reduce((sum, value, i) => sum + (value > 0 ? value * Math.log(value / q.data[i]) : 0), 0) / p.rows;
}

/** Returns the part of the rows whose largest output is that of their label. */
function accuracy(logits, labels) {
  const right = labels.filter((label, r) => {
    const row = logits.data.subarray(r * logits.columns, (r + 1) * logits.columns);
    return row.indexOf(Math.max(...row)) === label;
  });
  return right.length / labels.length;
}

/** Returns the components' matrices by parameter: P_c = A_c \u00b7 B_c, or as they are stored. */
function componentMatrices(stored, count) {
  const matrices = {};
  for (const own of stored) {
    const a = own.rank === 0 ? null : floats(own.a);
    const b = floats(own.b);
    matrices[own.parameter] = Array.from({ length: count }, (_, c) => {
      if (a === null) {
        const size = own.in * own.out;
        return matrix(own.in, own.out, b.subarray(c * size, (c + 1) * size));
      }
      return product(matrix(own.in, own.rank, a.subarray(c * own.in * own.rank, (c + 1) * own.in * own.rank)),
        matrix(own.rank, own.out, b.subarray(c * own.rank * own.out, (c + 1) * own.rank * own.out)));
    });
  }
  return matrices;
}
