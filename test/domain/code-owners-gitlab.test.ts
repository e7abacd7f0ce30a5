import { describe, expect, it } from 'vitest';
import { gitlabOwnership } from '../../src/domain/code-owners-gitlab.ts';

/** The examples of docs.gitlab.com/user/project/codeowners/reference, in one file. */
const EXAMPLE = `
# Default
* @admin
/docs/ @all-docs
/docs/* @root-docs
/docs/**/*.md @markdown-docs # match also in folders
\\#file_with_pound.rb @pound
path\\ with\\ spaces/ @spacey
internal/README.md @acme/shop/web jane@example.com
!pom.xml

[README Owners]
README.md @user1 @user2

[Documentation][2] @docs-team
help/
model/db.md @@maintainer
guide.md @@maintainer @dana

^[Go]
*.go @gopher

[readme owners]
internal/README.md @user4

^[Optional]
/web/ @web
[optional]
`;

describe('owners by a file of GitLab', () => {
  it.each([
    ['app.ts', '@admin'],
    ['docs/index.html', '@root-docs'],
    ['docs/api/index.html', '@all-docs'],
    ['docs/api/index.md', '@markdown-docs'],
    ['#file_with_pound.rb', '@pound'],
    ['lib/path with spaces/a', '@spacey'],
    ['README.md', '@admin | @user1 @user2'],
    ['lib/internal/README.md', '@acme/shop/web jane@example.com | @user4'],
    ['pom.xml', ''],
    ['lib/pom.xml', ''],
    ['a/help/b/c.txt', '@admin | @docs-team'],
    ['model/db.md', '@@maintainer | @admin'],
    ['guide.md', '@admin | @dana'],
    ['main.go', '@admin'],
    ['web/index.ts', '@admin | @web'],
    ['.gitlab-ci.yml', '@admin'],
  ])('of %s are %s', (path, owners) => {
    const found = gitlabOwnership(EXAMPLE, [path]);

    expect(found.map((one) => one.owners.join(' ')).join(' | ')).toBe(owners);
  });

  it('cannot be taken back once a pattern leaves files out', () => {
    expect(gitlabOwnership('* @anna\n!*.rb\n/special/*.rb @ben', ['special/a.rb'])).toEqual([]);
  });

  it('are everybody who owns anything while not all files are known', () => {
    const found = gitlabOwnership('* @anna\n[Data]\n/db/ @ben\n^[Web]\n/web/ @cleo', undefined);

    expect(found).toEqual([
      { owners: ['@anna'], files: 1, example: '*' },
      { owners: ['@ben'], files: 1, example: '/db/' },
    ]);
  });

  it('are counted once for each set of owners', () => {
    expect(gitlabOwnership('* @anna\n[Two]\n*.ts @anna', ['a.ts', 'b.ts'])).toEqual([
      { owners: ['@anna'], files: 4, example: 'a.ts' },
    ]);
  });

  it('come out of any text without a fault', () => {
    for (const text of ['', '[', '[]', '^', '!', '\\', '[a][b] @c', '* **/** ***', '@', '(a+)+$ @x', '\u0000']) {
      expect(Array.isArray(gitlabOwnership(text, ['a', '(a+)+$']))).toBe(true);
    }
  });
});
