// A plugin of serverless, which loads no TypeScript.

/** What the values of a stage must be for the stack to work; each with what is said if they are not. */
const rules = [
  [
    ({ ownTable, table, tableStream }) => (table === ownTable) === (tableStream === ''),
    'Give table and tableStream together: a table that is not the one of the stage has a stream of its own.',
  ],
  [
    ({ certificate, domain }) => (domain === '') === (certificate === ''),
    'Give domain and certificate together: the API serves a name of its own over TLS only.',
  ],
  [({ masterKeyParameter }) => masterKeyParameter.startsWith('/'), 'masterKeyParameter has to begin with a slash.'],
];

module.exports = class Coherence {
  constructor(serverless) {
    this.hooks = {
      initialize() {
        for (const [isKept, otherwise] of rules) {
          if (!isKept(serverless.service.custom.settings)) throw new serverless.classes.Error(otherwise);
        }
      },
    };
  }
};
