import { permissionsByPoint } from '#lib/dialects/volcengine/vocabulary.ts';
import { type Permission, permissionSet } from '#lib/domain/permissions.ts';

/** The set with exactly these authorization points; what no point stands for stays as it is. */
export function withPoints(current: readonly Permission[], points: readonly Permission[]): Permission[] {
  const ofPoints = new Set(Object.values(permissionsByPoint));
  return permissionSet([...current.filter((permission) => !ofPoints.has(permission)), ...points]);
}
