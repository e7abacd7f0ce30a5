/** Two more services, out of the same repository. */
const THREE = ['api', 'worker']
  .map(
    (id) => `
  ${id}:
    title: Acme ${id}
    repository: { source: code, name: acme/web }
    pipeline: { provider: runs, workflow: deploy.yml }
    environments:
      { staging: {}, production: {} }`,
  )
  .join('');
/** For `rules.targets` of a stage: those of the web, and the other two. */
export const TARGETS = `      { staging: {}, production: { url: 'https://shop.example.com' } }${THREE}`;
