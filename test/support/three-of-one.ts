/**
 * The configuration of several instances on one machine, with the console alone: Anna asks, Ben writes, Cleo approves, Sam reads. Runs of
 * commands lie in the data folder, so the instances share one.
 */
export function threeOfOne(database: string, folder: string): string {
  return `
name: Three of one
database: ${database}
people:
  - { id: anna, name: Anna Lind, accounts: { console: anna, email: anna@example.com } }
  - { id: ben, name: Ben Okafor, accounts: { console: ben, email: ben@example.com } }
  - { id: cleo, name: Cleo Marsh, accounts: { console: cleo, email: cleo@example.com } }
  - { id: sam, name: Sam Reed, accounts: { console: sam, email: sam@example.com } }
groups: { platform: { people: [anna, ben, cleo] } }
sources: { here: { type: git, folder: ${JSON.stringify(folder)} } }
providers: { machine: { type: local, repositories: ${JSON.stringify(folder)} } }
approval: { rules: [{ group: platform }] }
environments: { production: { title: live for customers, customerFacing: true } }
services:
  web:
    title: Acme Shop
    repository: { source: here, name: '.' }
    contact: '#team-shop'
    pipeline: { provider: machine, command: 'echo ::step::Build; sleep 0.5; echo ::step::Start; sleep 0.5' }
    environments: [production]
announce:
  - { place: 'console:#deploys', audience: engineering }
  - { place: 'console:#news', audience: broadcast }
`;
}
