export { type CameraSigns, districtOf, longId, type Near, nearest, notRecording, shortId, signOf } from './camera'
export { cameraQuery, camerasQuery } from './cameras.queries'
export { CameraSign } from './CameraSign'
export { readVideoWhere, type VideoPanel, type VideoWhere } from './videoWhere'
