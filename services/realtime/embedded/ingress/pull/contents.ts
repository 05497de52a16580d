/** What is in the stream that a URL leads to, by ffmpeg's names of formats: `h264`, `aac`. */
export type Contents = {
  audio?: { codec: string; sampleRate: number };
  video?: { codec: string; width: number; height: number };
};

/**
 * Reads the head of ffmpeg's `framecrc` format, which is made for programs: lines such as `#media_type 0: video`,
 * `#codec_id 0: h264`, `#dimensions 0: 640x360`, `#sample_rate 1: 44100`.
 *
 * @throws Error where there is neither sound nor picture
 */
export function contentsIn(head: string): Contents {
  const fields = new Map<string, string>();
  for (const [, name, index, value] of head.matchAll(/^#(\w+) (\d+): +(.*)$/gm))
    fields.set(`${name} ${index}`, (value ?? '').trim());
  const indexOf = (type: string): string | undefined =>
    [...fields].find(([name, value]) => name.startsWith('media_type ') && value === type)?.[0].split(' ')[1];
  const contents: Contents = {};
  const audio = indexOf('audio');
  if (audio !== undefined)
    contents.audio = {
      codec: fields.get(`codec_id ${audio}`) ?? '',
      sampleRate: Number(fields.get(`sample_rate ${audio}`) ?? 0),
    };
  const video = indexOf('video');
  const [width = 0, height = 0] = (fields.get(`dimensions ${video}`) ?? '').split('x').map(Number);
  if (video !== undefined && width > 0 && height > 0)
    contents.video = { codec: fields.get(`codec_id ${video}`) ?? '', width, height };
  if (!(contents.audio || contents.video)) throw new Error('The URL leads to neither sound nor picture.');
  return contents;
}
