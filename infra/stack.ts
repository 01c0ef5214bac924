import { alarms } from '#infra/alarms.ts';
import { api, apiExtensions, apiOutputs } from '#infra/api.ts';
import type { Deployed } from '#infra/deployed.ts';
import { ids, param, ref, type Template } from '#infra/names.ts';
import { roles } from '#infra/roles.ts';
import { stream } from '#infra/stream.ts';
import { table } from '#infra/tableResource.ts';

const isGiven = (name: string): Template => ({ 'Fn::Not': [{ 'Fn::Equals': [param(name), ''] }] });

/** Everything of the stack that serverless does not make of the functions by itself. */
export function stack(all: readonly Deployed[]): Template {
  return {
    Conditions: {
      HasDomain: isGiven('domain'),
      HasAlarmMail: isGiven('alarmMail'),
      HasOwnTable: { 'Fn::Equals': [param('table'), param('ownTable')] },
    },
    Resources: { ...table(), ...roles(all), ...stream(all), ...alarms(all), ...api() },
    Outputs: {
      TableName: { Value: param('table') },
      AlarmTopic: { Value: ref(ids.alarmTopic) },
      ...apiOutputs(),
    },
    extensions: apiExtensions(),
  };
}
