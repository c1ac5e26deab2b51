import { image } from './images.ts';

/** Files by path. */
export type Files = Record<string, string | Uint8Array>;

const two = (number: number): string => String(number).padStart(2, '0');
const dayOf = (index: number): string =>
  `20${two(10 + Math.floor(index / 84))}-${two((Math.floor(index / 7) % 12) + 1)}-${two((index % 28) + 1)}`;

const FILLER = 'The harbour master counted the ships, and found one more than in the year before. '.repeat(6);

/** A blog of Zola: TOML between `+++`, posts in sections, every tenth a folder with its picture. */
export function zolaBlog(posts: number): Files {
  const files: Files = {
    'config.toml':
      'base_url = "https://zola.example/blog"\ntitle = "Blog"\n[markdown]\nhighlight_code = true\n',
    'content/_index.md': '+++\ntitle = "Blog"\nsort_by = "date"\n+++\n',
    'content/about.md': '+++\ntitle = "About"\n+++\nA page.\n',
    'static/shared.png': image('graphic.png'),
    'templates/index.html': '<html>{{ section.title }}</html>',
  };
  for (let index = 0; index < posts; index++) {
    const section = ['news', 'sport', 'blog'][index % 3] ?? 'news';
    const isFolder = index % 10 === 0;
    const path = `content/${section}/post-${index}${isFolder ? '/index.md' : '.md'}`;
    const date = index % 2 === 0 ? dayOf(index) : `${dayOf(index)}T10:0${index % 10}:00+02:00`;
    files[path] =
      `+++\ntitle = "Post ${index}: \\"quoted\\""\ndate = ${date}\n` +
      `${index % 50 === 49 ? 'draft = true\n' : ''}[taxonomies]\ntags = ["tag ${index % 5}", "all"]\n` +
      `[extra]\nauthor = "Ada"\n+++\n${zolaBody(index, isFolder)}`;
    if (isFolder) files[`content/${section}/post-${index}/boat.png`] = image('graphic.png');
  }
  return files;
}

function zolaBody(index: number, isFolder: boolean): string {
  const shown = isFolder ? '![A boat](boat.png)\n\n![](/shared.png)\n\n' : '';
  return `${FILLER}\n\n<!-- more -->\n\n${shown}{{ youtube(id="abc12345") }}\n\nSee [the last](@/news/post-0/index.md) and [the site](/about/).\n\n\`\`\`rust\nlet x = "{{ kept }}";\n\`\`\`\n\n- a\n- b ${index}\n`;
}

/** A blog of Jekyll: YAML, dates in names, Liquid, HTML among the text, drafts. */
export function jekyllBlog(posts: number): Files {
  const files: Files = {
    '_config.yml':
      'title: Blog\nurl: https://jekyll.example\nbaseurl: ""\nrepository: https://code.example/blog\n',
    'about.md': '---\ntitle: About\n---\nA page.\n',
    'README.md': '# Read me\n',
    '_layouts/post.html': '---\n---\n{{ content }}',
    '_drafts/someday.md': '---\ntitle: Some day\n---\nNot yet.\n',
    'assets/boat.png': image('graphic.png'),
  };
  for (let index = 0; index < posts; index++) {
    files[`_posts/${dayOf(index)}-post-${index}.${index % 20 === 7 ? 'html' : 'markdown'}`] =
      `---\nlayout: post\ntitle: "Post ${index} & more"\n` +
      `${index % 3 === 0 ? `date: ${dayOf(index)} 10:00:00 +0100\n` : ''}` +
      `category: ${index % 2 === 0 ? 'Sea' : 'Land'}\ntags: &t [x, y]\nkeywords: *t\nauthor:\n  name: Ada\n---\n${jekyllBody(index)}`;
  }
  return files;
}

function jekyllBody(index: number): string {
  return `${FILLER}\n\n{% highlight ruby %}\nputs "{{ kept }}"\n{% endhighlight %}\n\n<p align="center">Ship <b>${index}</b></p>\n\n${index % 4 === 0 ? '![A boat]({{ site.baseurl }}/assets/boat.png)\n\n' : ''}[Code]({{ site.repository }}/x) {% include note.html text="x" %}\n{: .lead}\n`;
}
