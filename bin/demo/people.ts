/** Somebody of the demo. `id` is also the name of the console's account. */
export interface DemoPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

function person(id: string, name: string): DemoPerson {
  return { id, name, email: `${id}@shop.example` };
}

/** Anna asks for deployments, Ben writes most of the code, Cleo and Dana countersign, Sam answers customers. */
export const ANNA = person('anna', 'Anna Lind');
export const BEN = person('ben', 'Ben Okafor');
const CLEO = person('cleo', 'Cleo Martin');
export const DANA = person('dana', 'Dana Ito');
const SAM = person('sam', 'Sam Rivera');
export const DEMO_PEOPLE: readonly DemoPerson[] = [ANNA, BEN, CLEO, DANA, SAM];

/** Whoever works on the platform may countersign, except for what is their own. */
export const DEMO_PLATFORM: readonly DemoPerson[] = [ANNA, BEN, CLEO, DANA];
