import { fold } from './folding.ts';
import { stem } from './words.ts';

/**
 * Words that hold sentences together and say nothing of what they are about: of the six languages that have words of their own here,
 * and of some others. Changing this list changes every index.
 */
const COMMON =
  'about after again all also an and any are as at be because been before being between both but by can could did do does during each for from had has have he ' +
  'her his how if in into is it its just like may me more most much my no not now of off on one only or other our out over said same say says she should since so ' +
  'some such than that the their them then there these they this those through to too two under until up us very was we were what when where which while who ' +
  'why will with without would you your ' +
  'aber alle als am auch auf aus bei beim bis da damit dann das dass dem den der des die dies diese dieser doch durch ein eine einem einen einer eines er es ' +
  'für gegen hat hatte haben ich ihr ihre ihrer im immer ist ja kann kein keine man mehr mit nach nicht noch nun nur ob oder ohne sehr sein seine seiner seit sich ' +
  'sie sind so über um und uns unter viele vom von vor war was wegen wenn werden wie wir wird wurde wurden zu zum zur zwischen ' +
  'ainsi alors après au aussi autre aux avait avant avec ce ces cet cette ceux chez comme contre dans de depuis des deux dont du elle elles en encore entre est et ' +
  'été être eu fait font il ils je la le les leur leurs lui mais même moins ne nos notre nous on ont ou où par pas peut plus pour qu quand que qui sa sans se selon ses ' +
  'son sont sous sur tous tout toute très un une vers votre vous ' +
  'al antes aunque cada como con contra cual cuando de del desde dice donde dos durante el ella ellos en entre era es esa ese esta este estos fue ha han hace hacia ' +
  'hasta hay la las lo los más me mientras mi muchos muy ni no nos otra otro para pero por porque que según se ser si sido sin sobre son su sus también tiene todo todos ' +
  'un una uno unos ya ' +
  'في من على الى عن أن إن أنه كان كانت هذا هذه ذلك تلك التي الذي الذين ما لا لم لن قد كما بعد قبل بين حتى عند عندما مع هو هي هم أو ثم كل أي إذا لكن وقد وفي ومن به بها له لها فيه فيها منه ' +
  'عليه غير يكون وهو وهي خلال حيث أكثر أيضا نحو ولا أما ' +
  'ao aos as com da das do dos ela ele em foi isso mais mas na nas no nos num numa os pela pelo são se sem seu sua também tem um uma ' +
  'che ci come da dal dalla degli dei del della delle di gli ha hanno ma nel nella non per più sono si sua suo sul sulla tra una ' +
  'aan bij dat de een en er het hij ik is maar met naar niet om ook op te uit van voor wat ze zij zijn ' +
  'без бы был была были было быть в во вот для до его ее если есть еще за и из или их к как когда которая которые который ли между меня мы на над не него нее нет но ' +
  'о об он она они от очень по под после при с так также там то того только том у уже что чтобы это этого этой этом ' +
  'और का की के को में है हैं से पर ने यह वह एक कि इस उस भी नहीं तो था थी थे हो कर किया लिए साथ ही गया जो या अपने बाद रहे रहा रही हुए हुआ इसके उनके ' +
  'bir bu da de ile için olan olarak ve çok daha gibi ' +
  'و در به از که این را با است برای آن یک می شده شد بود تا هم هر نیز کرد باید خود';

/** Made when it is first asked for. */
let common: ReadonlySet<string> | undefined;

/** Whether a term is one of these words. */
export function isCommon(term: string): boolean {
  common ??= new Set(COMMON.split(' ').map((word) => stem(fold(word))));
  return common.has(term);
}

/** Pairs of characters with one of these in Chinese, or of two hiragana, mostly lie across words. */
const WEAK_PAIR =
  /^(?:[\u3041-\u309f]{2}|.?[的了是在和与也这那他她它们我你为着把被]?[的了是在和与也这那他她它们我你为着把被]|[的了是在和与也这那他她它们我你为着把被].)$/;

/** Whether a term of an unspaced script says little of what a text is about. */
export function isWeak(term: string): boolean {
  return term > '\u3040' && WEAK_PAIR.test(term);
}
