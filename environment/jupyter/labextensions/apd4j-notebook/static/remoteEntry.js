/*
 * Two things that JupyterLab leaves undone. There is no build: this is written as the module that a bundler would make of it.
 *
 * 1. Cells that are run before their notebook's kernel is connected wait for it. JupyterLab passes over them in silence.
 * 2. A notebook that is opened again while its cells run, or when they have ended, shows what they show. JupyterLab drops the
 *    messages of a cell that another page began; the kernel marks them with the cell, and keeps the outputs for who asks.
 */
(() => {
  'use strict';

  const NAME = 'apd4j-notebook';
  const MISSED_OUTPUTS = 'apd4j-missed-outputs';
  const SHOWS = ['stream', 'display_data', 'execute_result', 'error'];
  const STILL_RUNS = 'A cell that was started before this page was opened still runs. What it shows appears below it, all of it when it has ended.';
  let scope;

  /** A library of JupyterLab's own, as all of its extensions share it. */
  async function shared(library) {
    const versions = scope[library];
    return (await versions[Object.keys(versions)[0]].get())();
  }

  /** The cells that were begun before their page was opened, until the kernel has said what all of them showed. */
  class EarlierCells {
    constructor(app, panel, kernel) {
      this.app = app;
      this.panel = panel;
      this.kernel = kernel;
      this.running = new Map();
      this.hear = (_, message) => this.take(message);
    }

    codeCells() {
      return this.panel.isDisposed ? [] : this.panel.content.widgets.map(cell => cell.model).filter(model => model.type === 'code');
    }

    /** Asks the kernel, which answers when it has ended what it was asked before. */
    ask() {
      this.kernel.iopubMessage.connect(this.hear);
      const comm = this.kernel.createComm(MISSED_OUTPUTS);
      comm.onMsg = message => this.restore(message.content.data);
      this.ended = new Promise(end => {
        comm.onClose = end;
        this.kernel.disposed.connect(end);
        this.panel.disposed.connect(end);
      }).then(() => this.end());
      comm.open({ numbers: Object.fromEntries(this.codeCells().map(model => [model.id, model.executionCount])) });
    }

    /** Says, until it has an answer, why it has none. */
    async say() {
      const id = await this.app.commands.execute('apputils:notify', { message: STILL_RUNS, type: 'info', options: { autoClose: false } });
      await this.ended;
      this.app.commands.execute('apputils:dismiss-notification', { id });
    }

    /** Shows a message of another page's cell in this page's. */
    take(message) {
      const { header: { msg_type: type }, parent_header: parent, metadata, content } = message;
      if (!parent || parent.session === this.kernel.clientId) {
        return;
      }
      const model = this.codeCells().find(one => one.id === metadata.cellId);
      if (!model) {
        return;
      }
      if (type === 'execute_input') {
        this.begin(model);
      } else if (type === 'update_display_data') {
        this.show(model, { ...content, output_type: 'display_data' });
      } else if (SHOWS.includes(type)) {
        this.show(model, { ...content, output_type: type });
      }
    }

    begin(model) {
      model.clearExecution();
      model.executionState = 'running';
      this.running.set(model.id, new Map());
    }

    show(model, { transient, ...output }) {
      if (!this.running.has(model.id)) {
        this.begin(model);
      }
      const places = this.running.get(model.id);
      const display = transient && transient.display_id;
      if (display && places.has(display)) {
        model.outputs.set(places.get(display), output);
      } else {
        const length = model.outputs.add(output);
        if (display) {
          places.set(display, length - 1);
        }
      }
    }

    /** Gives a cell the outputs of its last run, unless its code is another by now, or this page runs it anew. */
    restore({ cell, code, number, outputs }) {
      const model = this.codeCells().find(one => one.id === cell);
      if (model && model.sharedModel.getSource() === code && (this.running.has(cell) || model.executionState !== 'running')) {
        model.clearExecution();
        model.outputs.fromJSON(outputs);
        model.executionCount = number;
      }
    }

    end() {
      this.kernel.iopubMessage.disconnect(this.hear);
      this.codeCells().filter(model => this.running.has(model.id)).forEach(model => { model.executionState = 'idle'; });
      this.running.clear();
    }
  }

  async function open(app, panel) {
    const session = await app.serviceManager.sessions.findByPath(panel.context.path);
    const busy = session && session.kernel && session.kernel.execution_state === 'busy';
    await Promise.all([panel.context.ready, panel.sessionContext.ready]);
    const kernel = panel.sessionContext.session && panel.sessionContext.session.kernel;
    if (kernel && kernel.handleComms) {
      const cells = new EarlierCells(app, panel, kernel);
      cells.ask();
      if (busy) {
        cells.say();
      }
    }
  }

  async function plugins() {
    const notebook = await shared('@jupyterlab/notebook');
    return [{
      id: NAME + ':executor',
      description: 'Runs cells as soon as their kernel is connected.',
      autoStart: true,
      provides: notebook.INotebookCellExecutor,
      activate: () => ({
        runCell: async options => {
          if (options.sessionContext && options.cell.model.type === 'code') {
            await options.sessionContext.ready;
          }
          return notebook.runCell(options);
        }
      })
    }, {
      id: NAME + ':earlier-cells',
      description: 'Shows what cells show that were started before the page was opened.',
      autoStart: true,
      requires: [notebook.INotebookTracker],
      activate: (app, tracker) => {
        tracker.widgetAdded.connect((_, panel) => open(app, panel));
      }
    }];
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB[NAME] = {
    init: shareScope => { scope = shareScope; },
    get: async () => {
      const made = await plugins();
      return () => ({ __esModule: true, default: made });
    }
  };
})();
