import { localWords } from '../../src/calendar/moments.ts';
import { closureAt } from '../../src/calendar/windows.ts';
import type { Catalog, Service } from '../../src/domain/catalog.ts';
import { shortSha } from '../../src/domain/change-set.ts';
import { BEFORE_ALL, lockSentence, locksOver, spokenLock } from '../../src/domain/held.ts';
import type { Refusal, RefusalCode } from '../../src/domain/refusal.ts';
import { clip, counted } from '../../src/domain/text.ts';
import { troubleWords } from '../../src/domain/trouble.ts';
import type { RequestWish } from '../../src/engine/door.ts';
import type { Choice, FormSpec } from '../../src/ports/chat.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import type { Reading } from '../../src/ports/reading.ts';
import { filledInputs, formInputs, inputErrors } from './form-inputs.ts';
import { environmentsOf, findEnvironment, findService, nearest } from './names.ts';
import type { Args } from './spec.ts';
import { normalise, tidy } from './words.ts';

/** What the form already knows, and what should be read before it is sent. */
export type FormFields = Pick<Args, 'service' | 'environment' | 'ref' | 'reason' | 'inputs'>;

/** At most this many choices in a list (Slack's limit). */
export const CHOICE_LIMIT = 100;

/** Builds the form from the configuration and the rows: nothing in it is chosen for anybody. */
export async function formOf(
  catalog: Catalog,
  reading: Reading,
  fields: FormFields,
  alerts: readonly string[] = [],
  now?: number,
): Promise<FormSpec> {
  const service = fields.service === undefined ? undefined : catalog.services[fields.service];
  const there =
    fields.environment !== undefined && service !== undefined && Object.hasOwn(service.targets, fields.environment);
  const environment = there ? fields.environment : undefined;
  const found =
    service === undefined || environment === undefined
      ? []
      : await readableAlerts(reading, service, environment, fields.ref);
  const inputs = environment === undefined ? [] : formInputs(service?.targets[environment]?.inputs, fields.inputs);
  return {
    ...(service === undefined ? {} : { service: service.id }),
    ...(environment === undefined ? {} : { environment }),
    ...(fields.ref === undefined ? {} : { ref: fields.ref }),
    ...(fields.reason === undefined ? {} : { reason: fields.reason }),
    services: serviceChoices(Object.values(catalog.services)),
    environments: environmentsOf(catalog, service).map(({ id, title }) => ({
      value: id,
      label: id,
      hint: clip(title, 75),
    })),
    reasonRequired: environment !== undefined && service?.targets[environment]?.customerFacing === true,
    ...(inputs.length === 0 ? {} : { inputs }),
    alerts: [...alerts, ...calendarAlerts(catalog, { service, environment, now }), ...found],
  };
}

/** What the calendar says of now (milliseconds since 1970), before anybody asks. */
function calendarAlerts(
  { calendar, timeZone = 'Etc/UTC' }: Catalog,
  {
    service,
    environment,
    now,
  }: { service?: Service | undefined; environment?: string | undefined; now?: number | undefined },
): readonly string[] {
  if (service === undefined || environment === undefined || now === undefined) return [];
  const closure = closureAt(calendar, { service: service.id, environment }, now);
  if (closure === undefined) return [];
  const until = closure.until === undefined ? '' : ` It opens ${localWords(closure.until, timeZone)}.`;
  return [`${service.id} in ${environment} is closed by the calendar: ${closure.title}.${until}`];
}

/** A form without its alerts is better than none: the gates look again at the request. */
async function readableAlerts(...asked: Parameters<typeof alertsOf>): Promise<readonly string[]> {
  try {
    return await alertsOf(...asked);
  } catch (error) {
    if (!(error instanceof PortFailure)) throw error;
    return ['What is under way there could not be read.'];
  }
}

/** What somebody should know of a target before asking: a lock, what is under way, whether this very ref runs there. */
async function alertsOf(
  reading: Reading,
  service: Service,
  environment: string,
  ref: string | undefined,
): Promise<readonly string[]> {
  const where = { service: service.id, environment };
  const [target, open, books] = await Promise.all([
    reading.target(where.service, environment),
    reading.deployments({ ...where, open: true, limit: 50 }),
    reading.scopes(),
  ]);
  const alerts: string[] = [];
  const { current } = target;
  const regions = service.targets[environment]?.regions ?? [];
  const lock = spokenLock(locksOver(target, regions, books), BEFORE_ALL);
  if (lock !== undefined) alerts.push(lockSentence(lock));
  const trouble = reading
    .troubles()
    .find(({ provider }) => provider === service.targets[environment]?.pipeline.provider);
  if (trouble !== undefined) alerts.push(`${troubleWords(trouble)} Yours would wait for it.`);
  const running = open.find(({ state }) => state === 'running');
  if (running !== undefined)
    alerts.push(`${running.id} (${running.requester.name}) is being deployed there now; yours would wait.`);
  const queued = open.filter(({ state }) => state === 'queued').length;
  if (queued > 0) alerts.push(`${counted(queued, 'deployment')} already in the queue there.`);
  if (current !== undefined && (await runsThere(reading, current, ref ?? service.defaultRef))) {
    alerts.push(
      `${ref ?? service.defaultRef} was deployed there last (${shortSha(current.sha)}); unless it has moved since, nothing would change.`,
    );
  }
  return alerts;
}

async function runsThere(
  reading: Reading,
  current: { deployment: string; sha: string },
  ref: string,
): Promise<boolean> {
  if (/^[0-9a-f]{7,40}$/i.test(ref)) return current.sha.startsWith(ref.toLowerCase());
  const deployment = await reading.deployment(current.deployment);
  return deployment?.ref === ref;
}

function serviceChoices(services: readonly Service[]): readonly Choice[] {
  return services
    .slice(0, CHOICE_LIMIT)
    .map(({ id, title }) => ({ value: id, label: clip(id, 75), hint: clip(title, 75) }));
}

/** Services whose name holds the text, or is near to it; those that were deployed last come first. */
export async function chooseService(catalog: Catalog, reading: Reading, text: string): Promise<readonly Choice[]> {
  const typed = tidy(text).toLowerCase();
  const all = Object.values(catalog.services);
  const holding = all.filter((one) =>
    [one.id, one.title, ...one.aliases].some((name) => name.toLowerCase().includes(typed)),
  );
  const near = new Set(nearest(typed, all));
  const found = holding.length > 0 ? holding : all.filter(({ id }) => near.has(id));
  const recent = [...new Set((await reading.deployments({ limit: 50 })).map(({ service }) => service))];
  const rank = (id: string) => (recent.includes(id) ? recent.indexOf(id) : recent.length);
  return serviceChoices(
    found.toSorted((one, other) => rank(one.id) - rank(other.id) || one.id.localeCompare(other.id)),
  );
}

/** `wish` is there when nothing has to be mended. */
interface FilledForm {
  readonly args: FormFields;
  readonly errors: Readonly<Record<string, string>>;
  readonly wish?: RequestWish;
}

/** What was filled in, by ids of the catalog; or which fields must be mended. Names that are unknown are not corrected. */
export function readFields(catalog: Catalog, fields: Readonly<Record<string, string>>): FilledForm {
  const text = (name: string) => (Object.hasOwn(fields, name) ? normalise(fields[name] ?? '') : '');
  const service = findService(catalog, text('service'));
  const named = findEnvironment(catalog, text('environment'));
  const environment =
    named !== undefined && (service === undefined || Object.hasOwn(service.targets, named.id)) ? named : undefined;
  const ref = text('ref');
  const reason = tidy(text('reason'));
  const inputs = filledInputs(fields);
  const errors = {
    ...(service === undefined
      ? { service: text('service') === '' ? 'Choose a service.' : 'There is no such service.' }
      : {}),
    ...(environment === undefined ? { environment: environmentError(text('environment'), service) } : {}),
    ...(ref.includes(' ') ? { ref: 'A branch, tag or commit has no spaces.' } : {}),
    ...(service === undefined || environment === undefined ? {} : inputErrors(service, environment.id, inputs)),
  };
  const words = {
    ...(ref === '' ? {} : { ref }),
    ...(reason === '' ? {} : { reason }),
    ...(Object.keys(inputs).length === 0 ? {} : { inputs }),
  };
  const args = {
    ...(service === undefined ? {} : { service: service.id }),
    ...(environment === undefined ? {} : { environment: environment.id }),
    ...words,
  };
  if (service === undefined || environment === undefined || Object.keys(errors).length > 0) return { args, errors };
  return { args, errors, wish: { service: service.id, environment: environment.id, ...words } };
}

function environmentError(typed: string, service: Service | undefined): string {
  if (typed === '') return 'Choose an environment.';
  return service === undefined ? 'There is no such environment.' : `${service.id} is not deployed there.`;
}

const FIELD_OF: Partial<Record<RefusalCode, string>> = {
  'unknown-service': 'service',
  'service-removed': 'service',
  'unknown-environment': 'environment',
  'missing-environment': 'environment',
  'target-locked': 'environment',
  frozen: 'environment',
  'outside-hours': 'environment',
  'not-allowed': 'environment',
  'unknown-ref': 'ref',
  'already-running-there': 'ref',
  'missing-reason': 'reason',
  'reason-too-long': 'reason',
};

/** The fields that these refusals are about; nothing when one of them is about no field. */
export function fieldErrors(refusals: readonly Refusal[]): Readonly<Record<string, string>> | undefined {
  const errors: Record<string, string> = {};
  for (const { code, sentence, next } of refusals) {
    const field = FIELD_OF[code];
    if (field === undefined) return undefined;
    errors[field] = [errors[field], `${sentence} ${next}`.replaceAll('`', '')]
      .filter((text) => text !== undefined)
      .join(' ');
  }
  return refusals.length === 0 ? undefined : errors;
}
