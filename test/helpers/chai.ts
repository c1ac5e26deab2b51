import * as chai from 'chai';
import chaiAsPromised from 'chai-as-promised';

const CALLED_LIKE_METHODS = ['true', 'false', 'ok', 'exist', 'undefined', 'null', 'empty'];

chai.use(chaiAsPromised);
chai.use(({ Assertion }) => {
  for (const name of CALLED_LIKE_METHODS) {
    Assertion.overwriteProperty(name, (assert: () => void) => {
      return function (this: Chai.AssertionStatic) {
        assert.call(this);
        return () => this;
      };
    });
  }
});

/** Stands in for `aegir/chai`, which the ecosystem's interface tests import: chai with promises, and `.true()` for `.true`. */
export const expect = chai.expect;
