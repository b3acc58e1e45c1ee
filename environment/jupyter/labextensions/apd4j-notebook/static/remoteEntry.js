/*
 * Cells that are run before their notebook's kernel is connected wait for it; JupyterLab by itself passes over them in silence.
 * There is no build: this is written as the module that a bundler would make of it.
 */
(() => {
  'use strict';

  const NAME = 'apd4j-notebook';
  let scope;

  /** A library of JupyterLab's own, as all of its extensions share it. */
  async function shared(library) {
    const versions = scope[library];
    return (await versions[Object.keys(versions)[0]].get())();
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
