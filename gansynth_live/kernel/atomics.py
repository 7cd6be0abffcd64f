"""Ordered loads and stores, and arrays at an address: what numba itself does not offer.

A value stored with `store_release` is seen by another thread's `load_acquire` only after all
writes that came before the store: the one guarantee that a lock-free ring needs (C11 atomics).
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

READ, INTO_NEAREST_CACHE, DATA = 0, 3, 1  # arguments of llvm.prefetch


@intrinsic  # type: ignore[untyped-decorator]
def load_acquire(_context: Any, array: Any, _index: Any) -> Any:
    """array[_index] of an int64 array, ordered before everything that follows."""
    signature = array.dtype(array, types.intp)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.load_atomic(
            _item(context, builder, sig.args[0], args), ordering="acquire", align=8
        )

    return signature, generate


@intrinsic  # type: ignore[untyped-decorator]
def store_release(_context: Any, array: Any, _index: Any, _value: Any) -> Any:
    """array[_index] = _value in an int64 array, ordered after everything that came before."""
    signature = types.void(array, types.intp, array.dtype)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        pointer = _item(context, builder, sig.args[0], args)
        builder.store_atomic(args[2], pointer, ordering="release", align=8)
        return context.get_dummy_value()

    return signature, generate


@intrinsic  # type: ignore[untyped-decorator]
def pointer_at(_context: Any, _address: Any) -> Any:
    """The void pointer for the integer `_address`."""
    signature = types.voidptr(types.int64)

    def generate(_context: Any, builder: Any, _sig: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], cgutils.voidptr_t)

    return signature, generate


@intrinsic  # type: ignore[untyped-decorator]
def prefetch(_context: Any, array: Any, _index: Any) -> Any:
    """Ask for array[_index] ahead of its use; an index outside the array does no harm."""
    signature = types.void(array, types.intp)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        pointer = builder.bitcast(_item(context, builder, sig.args[0], args), cgutils.voidptr_t)
        hint = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [pointer.type, hint, hint, hint])
        call = builder.module.declare_intrinsic("llvm.prefetch", [pointer.type], kind)
        builder.call(call, [pointer, hint(READ), hint(INTO_NEAREST_CACHE), hint(DATA)])
        return context.get_dummy_value()

    return signature, generate


def _item(context: Any, builder: Any, array_type: Any, args: Any) -> Any:
    array = context.make_array(array_type)(context, builder, args[0])
    return cgutils.get_item_pointer(
        context, builder, array_type, array, [args[1]], wraparound=False
    )
