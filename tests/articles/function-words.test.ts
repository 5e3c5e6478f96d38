import { describe, expect, it } from 'vitest';
import { languageByFunctionWords } from '../../src/articles/function-words.ts';

describe('the small words of a text', () => {
  it.each([
    ['en', 'The minister said that troops would be sent to the border after talks with their allies'],
    ['pl', 'Minister powiedział, że żołnierze zostali wysłani na granicę, która jest już zamknięta'],
    ['de', 'Die Ministerin sagte, dass sich die Lage nach den Gesprächen nicht verbessert hat und noch ernst ist'],
    ['fr', 'La ministre a déclaré que des soldats avaient été envoyés dans une région qui est surveillée par l’OTAN'],
    ['es', 'Los ministros hablaron y después visitaron las bases, según fuentes que están en la zona'],
    ['ru', 'Министр заявил, что это было сделано для обороны и после переговоров, которые уже завершены'],
    ['uk', 'Міністр заявив, що це було зроблено після переговорів, які вже завершені, та й для оборони'],
  ])('tell the language of plain prose (%s)', (lang, text) => {
    expect(languageByFunctionWords(text)).toBe(lang);
  });

  it.each([
    [
      'Dutch',
      'De minister zei dat het leger is ingezet en dat er over de grens of in de stad niets was te zien van onrust',
    ],
    [
      'Danish',
      'Ministeren sagde, at der er brug for flere soldater, og at det er for tidligt at tale om fred ved grænsen',
    ],
    [
      'Swedish',
      'Ministern sade att det är för tidigt att tala om fred och att soldater har skickats till gränsen för att hjälpa',
    ],
    [
      'Italian',
      'Il ministro ha detto che i soldati sono stati inviati con una nave del paese e per ora restano con la flotta',
    ],
    [
      'Portuguese',
      'O ministro disse que os soldados foram enviados por uma rota segura e que este acordo está entre os mais fortes',
    ],
    [
      'Catalan',
      'El ministre va dir que les tropes i les naus de la regió són a les bases i que les converses segueixen',
    ],
    [
      'Romanian',
      'Ministrul a spus că soldații au fost trimiși la graniță și că discuțiile cu aliații continuă în această lună',
    ],
    ['Slovak', 'Minister povedal, že vojaci nie sú na hranici a že od pondelka je to už len na spojencoch z regiónu'],
    [
      'Czech',
      'Ministr řekl, že vojáci jsou na hranici a že od pondělí bude záležet jen na spojencích, jak se rozhodnou',
    ],
    ['Croatian', 'Ministar je rekao da su vojnici na granici i da od ponedjeljka sve ovisi o saveznicima iz regije'],
    ['Bulgarian', 'Министърът каза, че войниците са на границата и че при нужда или по молба на съюзниците ще останат'],
    ['Serbian', 'Министар је рекао да су војници на граници и да ће при потреби или на молбу савезника остати'],
    [
      'Indonesian',
      'Menteri mengatakan bahwa pasukan telah dikirim ke perbatasan dan akan tetap di sana untuk sementara',
    ],
  ])('do not take %s for a language they know', (_, text) => {
    expect(languageByFunctionWords(text)).toBeNull();
  });

  it('leave a headline, a list of names and a mixture to the detector', () => {
    expect(languageByFunctionWords('Minsk visit: Li Shangfu, Viktor Khrenin')).toBeNull();
    expect(languageByFunctionWords('Błaszczak, Kaczyński, Wałęsa')).toBeNull();
    expect(
      languageByFunctionWords('The end of the affair, said to be. Das ist nicht für eine Woche und auch nicht'),
    ).toBeNull();
  });
});
