export { SignInScreen } from './SignInScreen'
