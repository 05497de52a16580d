import { type IngressVideoOptions, IngressVideoEncodingPreset as Preset } from '@livekit/protocol';
import type { Picture } from './picture.ts';

const hd = { width: 1280, height: 720, framesPerSecond: 30 };
const fullHd = { width: 1920, height: 1080, framesPerSecond: 30 };
const smaller = { width: 960, height: 540, framesPerSecond: 25 };

/** The largest layer of each preset; this worker lets WebRTC make the smaller ones. */
const presets: Readonly<Record<Preset, Picture>> = {
  [Preset.H264_720P_30FPS_3_LAYERS]: hd,
  [Preset.H264_720P_30FPS_1_LAYER]: hd,
  [Preset.H264_720P_30FPS_3_LAYERS_HIGH_MOTION]: hd,
  [Preset.H264_720P_30FPS_1_LAYER_HIGH_MOTION]: hd,
  [Preset.H264_1080P_30FPS_3_LAYERS]: fullHd,
  [Preset.H264_1080P_30FPS_1_LAYER]: fullHd,
  [Preset.H264_1080P_30FPS_3_LAYERS_HIGH_MOTION]: fullHd,
  [Preset.H264_1080P_30FPS_1_LAYER_HIGH_MOTION]: fullHd,
  [Preset.H264_540P_25FPS_2_LAYERS]: smaller,
  [Preset.H264_540P_25FPS_2_LAYERS_HIGH_MOTION]: smaller,
};

/** Nothing larger or quicker is published, whatever is asked for. */
const largest = { width: 1920, height: 1080, framesPerSecond: 60 };

/** What the ingress asks for: 1280×720 at 30 where it does not say. */
export function askedPicture(video: IngressVideoOptions | undefined): Picture {
  const encoding = video?.encodingOptions;
  if (encoding?.case === 'preset') return presets[encoding.value] ?? hd;
  if (encoding?.case !== 'options') return hd;
  const { frameRate, layers } = encoding.value;
  const wanted = { width: 0, height: 0, framesPerSecond: frameRate > 0 ? frameRate : hd.framesPerSecond };
  for (const layer of layers) {
    wanted.width = Math.max(wanted.width, layer.width);
    wanted.height = Math.max(wanted.height, layer.height);
  }
  return {
    width: Math.min(wanted.width || hd.width, largest.width),
    height: Math.min(wanted.height || hd.height, largest.height),
    framesPerSecond: Math.min(wanted.framesPerSecond, largest.framesPerSecond),
  };
}
