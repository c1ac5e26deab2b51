export { CAR_LIMITS, type CarItem, type CarLimits } from './car-limits.ts';
export { readCar } from './car-reader.ts';
export { writeCar } from './car-writer.ts';
