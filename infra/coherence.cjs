// A plugin for serverless, which cannot load TypeScript.

const FUNCTION_NAME = 64;
const isCap = (value) => value === '' || /^\d{1,4}$/.test(String(value));
const isFlag = (value) => /^(true|false)$/.test(String(value));

/** Rules for the values of a stage, each with what is said when it is broken. */
const rules = [
  [
    ({ ownTable, table, tableStream }) => (table === ownTable) === (tableStream === ''),
    'Give table and tableStream together: a table that is not the one of the stage has a stream of its own.',
  ],
  [
    ({ table, ownTable }) => [table, ownTable].every((name) => /^[A-Za-z0-9_.-]{3,255}$/.test(name)),
    'The name of a table has 3 to 255 characters: letters, digits, dots, hyphens and underscores.',
  ],
  [
    ({ certificate, domain }) => (domain === '') === (certificate === ''),
    'Give domain and certificate together: the API serves a name of its own over TLS only.',
  ],
  [({ onlyAtDomain }) => isFlag(onlyAtDomain), 'onlyAtDomain is true or false.'],
  [
    ({ domain, onlyAtDomain }) => domain !== '' || String(onlyAtDomain) !== 'true',
    'Give a domain with onlyAtDomain: without one nobody could call the API.',
  ],
  [({ masterKeyParameter }) => masterKeyParameter.startsWith('/'), 'masterKeyParameter has to begin with a slash.'],
  [
    ({ masterKeyParameter }) => /^[A-Za-z0-9_./-]{1,1000}$/.test(masterKeyParameter),
    'masterKeyParameter has at most 1000 characters: letters, digits, dots, hyphens, underscores and slashes.',
  ],
  [
    ({ mailFrom }) => mailFrom === '' || /^[^\s@<>]+@[^\s@<>]+$/.test(mailFrom),
    'mailFrom is an address alone, as in noreply@example.com.',
  ],
  [
    ({ linkBaseUrl }) => linkBaseUrl === '' || /^https:\/\/\S+[^/\s]$/.test(linkBaseUrl),
    'linkBaseUrl begins with https:// and does not end with a slash.',
  ],
  [
    ({ smtpUrlParameter }) => smtpUrlParameter === '' || /^\/[A-Za-z0-9_./-]{1,1000}$/.test(smtpUrlParameter),
    'smtpUrlParameter names an SSM parameter, and begins with a slash.',
  ],
  [
    ({ provisionedItems }) => provisionedItems === '' || /^[A-Z_-]+(,[A-Z_-]+)*$/.test(provisionedItems),
    'provisionedItems are names of baseline items, separated by commas.',
  ],
  [
    ({ doorConcurrency, operationConcurrency, workerConcurrency }) =>
      [doorConcurrency, operationConcurrency, workerConcurrency].every(isCap),
    'operationConcurrency, doorConcurrency and workerConcurrency are whole numbers, or empty for no limit.',
  ],
  [
    ({ stage }) => /^[A-Za-z][A-Za-z0-9-]*$/.test(stage),
    'The name of a stage begins with a letter and has only letters, digits and hyphens, as that of a stack.',
  ],
  [
    ({ products, stage }) => !products.some((product) => stage.endsWith(`-${product}`)),
    'The name of a stage does not end with that of a product: its stack would have the name of another stage’s product.',
  ],
];

/** Why the names are too long for AWS, if they are. */
function tooLong({ stage }, functions) {
  const names = Object.values(functions).map(({ name }) => name);
  const longest = names.reduce((one, other) => (other.length > one.length ? other : one), '');
  const over = longest.length - FUNCTION_NAME;
  if (over <= 0) return undefined;
  return (
    `The stage ${stage} makes names of functions that are too long for Lambda, which allows ${FUNCTION_NAME} characters ` +
    `(${longest}): choose one that has ${over} fewer.`
  );
}

module.exports = class Coherence {
  constructor(serverless) {
    const { classes, service } = serverless;
    this.hooks = {
      initialize() {
        const { settings } = service.custom;
        for (const [isKept, otherwise] of rules) {
          if (!isKept(settings)) throw new classes.Error(otherwise);
        }
        const refusal = tooLong(settings, service.functions ?? {});
        if (refusal !== undefined) throw new classes.Error(refusal);
      },
    };
  }
};
