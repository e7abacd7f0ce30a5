import { inWords } from './prices.mjs';

/** The whole shop on one page. */
export function page({ shop, products, build, environment }) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(shop.name)}</title>
<style>${styleOf(shop)}</style>
</head>
<body>
<header>
  <p class="season">${safe(shop.theme)} ${safe(build.version)}</p>
  <h1>${safe(shop.name)}</h1>
  <p>${safe(shop.greeting)}</p>
</header>
<main>${products.map(card).join('')}</main>
<footer>Demo shop in ${safe(environment)}, version ${safe(build.version)}</footer>
</body>
</html>`;
}

function card(product) {
  return `<article>
  <svg viewBox="0 0 100 100" aria-hidden="true"><path d="${product.shape}"/></svg>
  <h2>${safe(product.name)}</h2>
  <p class="price">${inWords(product.cents)}</p>
</article>`;
}

function safe(text) {
  return String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function styleOf({ accent, background }) {
  return `
:root { --accent: ${accent}; --ground: ${background}; color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; background: var(--ground); color: #1c1917; }
header { padding: 4rem 1.5rem 5rem; text-align: center; color: #fff;
  background: linear-gradient(160deg, var(--accent), color-mix(in srgb, var(--accent), #000 45%)); }
header h1 { margin: 0.5rem 0; font: 600 clamp(2.2rem, 7vw, 4rem)/1.1 Georgia, serif; letter-spacing: -0.02em; }
header p { margin: 0; opacity: 0.9; }
.season { display: inline-block; padding: 0.1rem 0.9rem; border: 1px solid #ffffff80; border-radius: 2rem; font-size: 0.85rem; }
main { display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr));
  max-width: 64rem; margin: -2.5rem auto 3rem; padding: 0 1.5rem; }
article { padding: 1.5rem; border-radius: 1rem; background: #fff; text-align: center; box-shadow: 0 8px 24px #0000001a; }
article svg { width: 7rem; fill: var(--accent); }
article h2 { margin: 0.75rem 0 0.25rem; font-size: 1.1rem; }
.price { margin: 0; font-weight: 700; color: var(--accent); }
.note { margin: 0.25rem 0 0; font-size: 0.85rem; color: #57534e; }
footer { padding: 1.5rem; text-align: center; font-size: 0.9rem; color: #57534e; }
code { padding: 0.1rem 0.4rem; border-radius: 0.3rem; background: #0000000f; }`;
}
