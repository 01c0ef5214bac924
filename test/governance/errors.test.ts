import { expect, it } from 'vitest';
import { answerTo, type Reason, Refusal } from '#lib/errors.ts';
import { enrolmentErrors, governanceErrors } from '#lib/products/governance/errors.ts';

const facts = {
  parameter: 'P',
  fault: 'value',
  blueprint: 'B',
  item: 'I',
  dependency: 'D',
  name: 'N',
  party: 'account',
  uid: 1,
} as const;

/** The table of docs/vendors/alibaba-governance.md 8.1, and what 8.2 adds, by the reasons that are answered so. */
it.each([
  ['ParameterInvalid', 400, 'InvalidParameter', 'The specified parameter P is not valid.'],
  [
    'BlueprintDeploying',
    400,
    'DeployConflict.Blueprint',
    'The B blueprint is being deployed. Please wait for its deployment to complete and try again.',
  ],
  [
    'StructureMissing',
    400,
    'DependencyViolation.Blueprint',
    'The B blueprint has not been deployed. Please deploy the resource structure first.',
  ],
  [
    'ItemDependencyMissing',
    400,
    'DependencyViolation.BaselineItem',
    'The dependency of I baseline item has not been configured. Please config D first.',
  ],
  [
    'FactoryUnfit',
    400,
    'IncorrectBlueprintStatus',
    'The current status of the blueprint does not support this operation.',
  ],
  [
    'DirectoryUnknown',
    403,
    'InvalidUser.NotResourceDirectoryMaster',
    'The specified account is not a master account of resource directory.',
  ],
  ['MemberUnknown', 404, 'InvalidUser.NotFound', 'The specified user does not exist.'],
  ['BlueprintUnknown', 404, 'InvalidBlueprint.NotFound', 'The specified blueprint does not exist.'],
  ['ItemUnknown', 404, 'InvalidBaselineItem.NotFound', 'The specified baseline item named N does not exist.'],
  [
    'AccountUnverified',
    404,
    'InvalidEnterpriseRealName.NotFound',
    'The specified account has not passed enterprise real name verification. Please complete the verification for the account first.',
  ],
  ['Internal', 500, 'InternalError', 'A system error occurred.'],
  ['BaselineUnknown', 404, 'InvalidBaseline.NotFound', 'The specified baseline does not exist.'],
] satisfies [Reason, number, string, string][])(
  '%s is answered with the words of the vendor',
  (reason, status, code, message) => {
    const answer = answerTo(new Refusal<Reason>(reason, facts), [governanceErrors, enrolmentErrors]);
    expect(answer).toStrictEqual({ status, code, message });
  },
);

it('a field of an item is named alone, another by its parameter', () => {
  const worded = (parameter: string) => governanceErrors.ParameterInvalid({ parameter, fault: 'value' }).message;
  expect(worded('BaselineItems.2.Config')).toBe('The specified parameter Config is not valid.');
  expect(worded('BaselineItems')).toBe('The specified parameter BaselineItems is not valid.');
  expect(worded('Tag.1.Key')).toBe('The specified parameter Tag is not valid.');
});
