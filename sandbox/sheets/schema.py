"""Which fields and types every message of the API has.

A misspelt one is refused as Google refuses it.

Written after https://developers.google.com/sheets/api/reference/rest. One line a message; types: s string, i int32,
d double, b bool, * anything, [T] repeated, {T} map, a capital letter another message or an enum.
"""

import re
from collections.abc import Mapping

from sandbox.sheets.schema_requests import REQUESTS

ENUMS: Mapping[str, frozenset[str]] = {
    name: frozenset(values.split())
    for name, values in {
        "Dimension": "DIMENSION_UNSPECIFIED ROWS COLUMNS",
        "ValueInputOption": "INPUT_VALUE_OPTION_UNSPECIFIED RAW USER_ENTERED",
        "ValueRenderOption": "FORMATTED_VALUE UNFORMATTED_VALUE FORMULA",
        "DateTimeRenderOption": "SERIAL_NUMBER FORMATTED_STRING",
        "InsertDataOption": "OVERWRITE INSERT_ROWS",
        "SortOrder": "SORT_ORDER_UNSPECIFIED ASCENDING DESCENDING",
        "PasteType": "PASTE_NORMAL PASTE_VALUES PASTE_FORMAT PASTE_NO_BORDERS PASTE_FORMULA "
        "PASTE_DATA_VALIDATION PASTE_CONDITIONAL_FORMATTING",
        "PasteOrientation": "NORMAL TRANSPOSE",
        "MergeType": "MERGE_ALL MERGE_COLUMNS MERGE_ROWS",
        "NumberFormatType": "NUMBER_FORMAT_TYPE_UNSPECIFIED TEXT NUMBER PERCENT CURRENCY DATE TIME DATE_TIME "
        "SCIENTIFIC",
        "SheetType": "SHEET_TYPE_UNSPECIFIED GRID OBJECT DATA_SOURCE",
        "RecalculationInterval": "RECALCULATION_INTERVAL_UNSPECIFIED ON_CHANGE MINUTE HOUR",
        "HorizontalAlign": "HORIZONTAL_ALIGN_UNSPECIFIED LEFT CENTER RIGHT",
        "VerticalAlign": "VERTICAL_ALIGN_UNSPECIFIED TOP MIDDLE BOTTOM",
        "WrapStrategy": "WRAP_STRATEGY_UNSPECIFIED OVERFLOW_CELL LEGACY_WRAP CLIP WRAP",
        "TextDirection": "TEXT_DIRECTION_UNSPECIFIED LEFT_TO_RIGHT RIGHT_TO_LEFT",
        "HyperlinkDisplayType": "HYPERLINK_DISPLAY_TYPE_UNSPECIFIED LINKED PLAIN_TEXT",
        "Style": "STYLE_UNSPECIFIED DOTTED DASHED SOLID SOLID_MEDIUM SOLID_THICK NONE DOUBLE",
        "ConditionType": "CONDITION_TYPE_UNSPECIFIED NUMBER_GREATER NUMBER_GREATER_THAN_EQ NUMBER_LESS "
        "NUMBER_LESS_THAN_EQ NUMBER_EQ NUMBER_NOT_EQ NUMBER_BETWEEN NUMBER_NOT_BETWEEN TEXT_CONTAINS "
        "TEXT_NOT_CONTAINS TEXT_STARTS_WITH TEXT_ENDS_WITH TEXT_EQ TEXT_IS_EMAIL TEXT_IS_URL DATE_EQ DATE_BEFORE "
        "DATE_AFTER DATE_ON_OR_BEFORE DATE_ON_OR_AFTER DATE_BETWEEN DATE_NOT_BETWEEN DATE_IS_VALID ONE_OF_RANGE "
        "ONE_OF_LIST BLANK NOT_BLANK CUSTOM_FORMULA BOOLEAN TEXT_NOT_EQ DATE_NOT_EQ FILTER_EXPRESSION",
        "RelativeDate": "RELATIVE_DATE_UNSPECIFIED PAST_YEAR PAST_MONTH PAST_WEEK YESTERDAY TODAY TOMORROW",
        "InterpolationPointType": "INTERPOLATION_POINT_TYPE_UNSPECIFIED MIN MAX NUMBER PERCENT PERCENTILE",
        "ErrorType": "ERROR_TYPE_UNSPECIFIED ERROR NULL_VALUE DIVIDE_BY_ZERO VALUE REF NAME NUM N_A LOADING",
    }.items()
}

OBJECTS = """
Spreadsheet: spreadsheetId s, properties SpreadsheetProperties, sheets [Sheet], namedRanges [NamedRange], \
spreadsheetUrl s, developerMetadata [DeveloperMetadata], dataSources [*], dataSourceSchedules [*]
DeveloperMetadata: metadataId i, metadataKey s, metadataValue s, location DeveloperMetadataLocation, visibility s
DeveloperMetadataLocation: locationType s, spreadsheet b, sheetId i, dimensionRange DimensionRange
SpreadsheetProperties: title s, locale s, autoRecalc RecalculationInterval, timeZone s, defaultFormat CellFormat, \
iterativeCalculationSettings *, spreadsheetTheme *, importFunctionsExternalUrlAccessAllowed b
Sheet: properties SheetProperties, data [GridData], merges [GridRange], conditionalFormats [ConditionalFormatRule], \
filterViews [*], protectedRanges [ProtectedRange], basicFilter BasicFilter, charts [*], bandedRanges [BandedRange], \
developerMetadata [*], rowGroups [*], columnGroups [*], slicers [*], tables [*]
SheetProperties: sheetId i, title s, index i, sheetType SheetType, gridProperties GridProperties, hidden b, \
tabColor Color, tabColorStyle ColorStyle, rightToLeft b, dataSourceSheetProperties *
GridProperties: rowCount i, columnCount i, frozenRowCount i, frozenColumnCount i, hideGridlines b, \
rowGroupControlAfter b, columnGroupControlAfter b
GridData: startRow i, startColumn i, rowData [RowData], rowMetadata [DimensionProperties], \
columnMetadata [DimensionProperties]
RowData: values [CellData]
CellData: userEnteredValue ExtendedValue, effectiveValue ExtendedValue, formattedValue s, \
userEnteredFormat CellFormat, effectiveFormat CellFormat, hyperlink s, note s, textFormatRuns [TextFormatRun], \
dataValidation DataValidationRule, pivotTable *, dataSourceTable *, dataSourceFormula *, chipRuns [*]
ExtendedValue: numberValue d, stringValue s, boolValue b, formulaValue s, errorValue ErrorValue
ErrorValue: type ErrorType, message s
CellFormat: numberFormat NumberFormat, backgroundColor Color, backgroundColorStyle ColorStyle, borders Borders, \
padding Padding, horizontalAlignment HorizontalAlign, verticalAlignment VerticalAlign, wrapStrategy WrapStrategy, \
textDirection TextDirection, textFormat TextFormat, hyperlinkDisplayType HyperlinkDisplayType, \
textRotation TextRotation
NumberFormat: type NumberFormatType, pattern s
Color: red d, green d, blue d, alpha d
ColorStyle: rgbColor Color, themeColor s
Borders: top Border, bottom Border, left Border, right Border
Border: style Style, width i, color Color, colorStyle ColorStyle
Padding: top i, right i, bottom i, left i
TextFormat: foregroundColor Color, foregroundColorStyle ColorStyle, fontFamily s, fontSize i, bold b, italic b, \
strikethrough b, underline b, link Link
Link: uri s
TextRotation: angle i, vertical b
TextFormatRun: startIndex i, format TextFormat
DataValidationRule: condition BooleanCondition, inputMessage s, strict b, showCustomUi b
BooleanCondition: type ConditionType, values [ConditionValue]
ConditionValue: relativeDate RelativeDate, userEnteredValue s
ConditionalFormatRule: ranges [GridRange], booleanRule BooleanRule, gradientRule GradientRule
BooleanRule: condition BooleanCondition, format CellFormat
GradientRule: minpoint InterpolationPoint, midpoint InterpolationPoint, maxpoint InterpolationPoint
InterpolationPoint: color Color, colorStyle ColorStyle, type InterpolationPointType, value s
ProtectedRange: protectedRangeId i, range GridRange, namedRangeId s, tableId s, description s, warningOnly b, \
requestingUserCanEdit b, unprotectedRanges [GridRange], editors Editors
Editors: users [s], groups [s], domainUsersCanEdit b
NamedRange: namedRangeId s, name s, range GridRange
BandedRange: bandedRangeId i, bandedRangeReference s, range GridRange, rowProperties BandingProperties, \
columnProperties BandingProperties
BandingProperties: headerColor Color, headerColorStyle ColorStyle, firstBandColor Color, \
firstBandColorStyle ColorStyle, secondBandColor Color, secondBandColorStyle ColorStyle, footerColor Color, \
footerColorStyle ColorStyle
BasicFilter: range GridRange, tableId s, sortSpecs [SortSpec], criteria {FilterCriteria}, filterSpecs [FilterSpec]
FilterSpec: filterCriteria FilterCriteria, columnIndex i, dataSourceColumnReference *
FilterCriteria: hiddenValues [s], condition BooleanCondition, visibleBackgroundColor Color, \
visibleBackgroundColorStyle ColorStyle, visibleForegroundColor Color, visibleForegroundColorStyle ColorStyle
SortSpec: dimensionIndex i, sortOrder SortOrder, foregroundColor Color, foregroundColorStyle ColorStyle, \
backgroundColor Color, backgroundColorStyle ColorStyle, dataSourceColumnReference *
GridRange: sheetId i, startRowIndex i, endRowIndex i, startColumnIndex i, endColumnIndex i
GridCoordinate: sheetId i, rowIndex i, columnIndex i
DimensionRange: sheetId i, dimension Dimension, startIndex i, endIndex i, dataSourceSheetId s
DimensionProperties: hiddenByFilter b, hiddenByUser b, pixelSize i, developerMetadata [*], \
dataSourceColumnReference *
DataFilter: developerMetadataLookup *, a1Range s, gridRange GridRange
ValueRange: range s, majorDimension Dimension, values [ListValue]
DataFilterValueRange: dataFilter DataFilter, majorDimension Dimension, values [ListValue]
BatchUpdateValuesRequest: valueInputOption ValueInputOption, data [ValueRange], includeValuesInResponse b, \
responseValueRenderOption ValueRenderOption, responseDateTimeRenderOption DateTimeRenderOption
BatchClearValuesRequest: ranges [s]
ClearValuesRequest:
BatchGetValuesByDataFilterRequest: dataFilters [DataFilter], majorDimension Dimension, \
valueRenderOption ValueRenderOption, dateTimeRenderOption DateTimeRenderOption
GetSpreadsheetByDataFilterRequest: dataFilters [DataFilter], includeGridData b, excludeTablesInBandedRanges b
BatchUpdateSpreadsheetRequest: requests [Request], includeSpreadsheetInResponse b, responseRanges [s], \
responseIncludeGridData b
CopySheetToAnotherSpreadsheetRequest: destinationSpreadsheetId s
GetQuery: ranges [s], includeGridData b, excludeTablesInBandedRanges b
ValuesGetQuery: majorDimension Dimension, valueRenderOption ValueRenderOption, \
dateTimeRenderOption DateTimeRenderOption
ValuesBatchGetQuery: ranges [s], majorDimension Dimension, valueRenderOption ValueRenderOption, \
dateTimeRenderOption DateTimeRenderOption
ValuesUpdateQuery: valueInputOption ValueInputOption, includeValuesInResponse b, \
responseValueRenderOption ValueRenderOption, responseDateTimeRenderOption DateTimeRenderOption
ValuesAppendQuery: valueInputOption ValueInputOption, insertDataOption InsertDataOption, \
includeValuesInResponse b, responseValueRenderOption ValueRenderOption, \
responseDateTimeRenderOption DateTimeRenderOption
NoQuery:
UpdatedSpreadsheet: spreadsheetId s, replies [*], updatedSpreadsheet Spreadsheet
ReadValueRange: range s, majorDimension s, values *
UpdateValuesResponse: spreadsheetId s, updatedRange s, updatedRows i, updatedColumns i, updatedCells i, \
updatedData ReadValueRange
AppendValuesResponse: spreadsheetId s, tableRange s, updates UpdateValuesResponse
BatchUpdateValuesResponse: spreadsheetId s, totalUpdatedRows i, totalUpdatedColumns i, totalUpdatedCells i, \
totalUpdatedSheets i, responses [UpdateValuesResponse]
BatchGetValuesResponse: spreadsheetId s, valueRanges [ReadValueRange]
BatchGetValuesByDataFilterResponse: spreadsheetId s, valueRanges [*]
ClearValuesResponse: spreadsheetId s, clearedRange s
BatchClearValuesResponse: spreadsheetId s, clearedRanges [s]
"""


def _parse(text: str) -> dict[str, dict[str, str]]:
    messages: dict[str, dict[str, str]] = {}
    for line in text.strip().splitlines():
        name, _, fields = line.partition(":")
        pairs = (field.split() for field in re.split(r",\s*", fields.strip()) if field)
        messages[name] = {field: kind for field, kind in pairs}  # noqa: C416 - split() gives lists, not pairs
    return messages


MESSAGES = _parse(OBJECTS) | _parse(REQUESTS)

# What is not in an answer when it is 0 or false. Elsewhere Google tells these from what was never set: a tab's own
# sheetId and index are answered as 0, and so is where a range starts.
SILENT = {
    "GridRange": {"sheetId"},
    "DimensionRange": {"sheetId"},
    "GridCoordinate": {"sheetId"},
    "SheetProperties": {"hidden", "rightToLeft"},
    "GridProperties": {"frozenRowCount", "frozenColumnCount", "hideGridlines"},
    "DimensionProperties": {"hiddenByUser", "hiddenByFilter"},
    "ProtectedRange": {"warningOnly", "requestingUserCanEdit"},
    "DataValidationRule": {"strict", "showCustomUi"},
}
