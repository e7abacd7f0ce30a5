/** What the programme needs of the demo. */
export { resumeDemoApplications, stopDemoApplications } from './applications.ts';
export { demoConfiguration } from './configuration.ts';
export { prepareDemo } from './setup.ts';
