export { CameraPanel } from './CameraPanel'
export { NearCameras } from './NearCameras'
export { VideoScreen } from './VideoScreen'
