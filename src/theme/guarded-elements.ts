import { GUARDED_CLASSES } from './guard-style.ts';
import { elementsOf, type PageElement } from './markup.ts';

/** The elements of pages that nothing may hide: those that must be seen, all they stand in, and all that stands in them. */
export function guardedElements(pages: readonly string[]): PageElement[] {
  const guarded = new Set<PageElement>();
  for (const page of pages) {
    for (const element of elementsOf(page)) {
      if (isGuarded(element)) for (const each of wayUp(element)) guarded.add(each);
      else if (element.parent !== undefined && [...wayUp(element.parent)].some(isGuarded))
        guarded.add(element);
    }
  }
  return [...guarded];
}

function isGuarded({ name, classes, parent }: PageElement): boolean {
  if (name === 'h1' || classes.some((each) => GUARDED_CLASSES.includes(each))) return true;
  return classes.includes('body') && parent !== undefined && [...wayUp(parent)].some(isStory);
}

function isStory({ classes }: PageElement): boolean {
  return classes.includes('story');
}

/** The element, and all it stands in. */
function* wayUp(element: PageElement): Generator<PageElement> {
  for (let at: PageElement | undefined = element; at !== undefined; at = at.parent) yield at;
}
